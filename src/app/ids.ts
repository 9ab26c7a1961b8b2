/**
 * The grammars of the names in an application.
 *
 * @module
 */

/**
 * Which names are allowed: `kebab` for components (`my-app`, words in one case each), `snake` for
 * variables (`my_name`, lower case only), `label` for stores and models (either of the two).
 */
export type IdGrammar = "kebab" | "snake" | "label";

const LETTER_FIRST_REGEXP = /^[A-Za-z]/;
const NOT_ALPHANUMERIC_REGEXP = /[^A-Za-z0-9]/u;

/**
 * Says what is wrong with a name.
 *
 * @param text The name.
 * @param grammar The grammar that it must follow.
 * @returns What is wrong, to follow the name in a sentence; `undefined` if the name is good.
 */
export function idProblem(
  text: string,
  grammar: IdGrammar,
): string | undefined {
  if (text === "") return "is empty";
  if (grammar === "label") {
    const isSnake = text.includes("_");
    return isSnake && text.includes("-")
      ? 'must not mix "-" and "_"'
      : idProblem(text, isSnake ? "snake" : "kebab");
  }
  const separator = grammar === "kebab" ? "-" : "_";
  const other = grammar === "kebab" ? "_" : "-";
  if (text.includes(other)) {
    return `must separate its words with "${separator}", not "${other}"`;
  }
  for (const word of text.split(separator)) {
    const problem = wordProblem(word, grammar);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * Makes a valid name out of one with the usual slips: the wrong separator, camel case, or a word
 * that starts with a digit.
 *
 * @param text The name.
 * @param grammar The grammar that the result follows.
 * @returns A valid name; `undefined` if the slips were not the only fault.
 */
export function repairId(text: string, grammar: IdGrammar): string | undefined {
  const separator = grammar === "snake" ? "_" : "-";
  const repaired = text
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[-_ ]+(?=\d)/g, "")
    .replace(/[-_ ]+/g, separator);
  return idProblem(repaired, grammar) === undefined ? repaired : undefined;
}

function wordProblem(word: string, grammar: IdGrammar): string | undefined {
  if (word === "") return "has an empty word";
  const strange = NOT_ALPHANUMERIC_REGEXP.exec(word)?.[0];
  if (strange !== undefined) {
    return `may only hold ASCII letters and digits, not "${strange}"`;
  }
  if (!LETTER_FIRST_REGEXP.test(word)) {
    return `must start each word with an ASCII letter, not "${word[0]}"`;
  }
  if (word === word.toLowerCase()) return undefined;
  if (grammar === "snake") return "must be in lower case";
  return word === word.toUpperCase() ? undefined : "must not mix upper and lower case in a word";
}
