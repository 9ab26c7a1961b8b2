/**
 * What the info string of a code block says is to be done with it.
 *
 * @module
 */

/** What is to be done with a code block. */
export interface BlockInfo {
  /** The language: the info string's first word. */
  readonly language: Language;
  /** The word that changes what is done, such as `fragment`. */
  readonly mark?: string;
  /** The path that the block is written to, relative to the clone's directory. */
  readonly file?: string;
}

/** The languages, with the marks that each knows and whether a block of it may be a file. */
const LANGUAGES = {
  json: { marks: ["lines"], mayBeFile: true },
  sh: { marks: ["runs-until-interrupt"], mayBeFile: false },
  text: { marks: [], mayBeFile: false },
  toml: { marks: ["fragment"], mayBeFile: true },
  ts: { marks: ["check"], mayBeFile: true },
  wit: { marks: [], mayBeFile: true },
} as const satisfies Readonly<
  Record<string, { readonly marks: readonly string[]; readonly mayBeFile: boolean }>
>;

/** A language that blocks are checked in. */
export type Language = keyof typeof LANGUAGES;

/**
 * Reads an info string: a language, and at most one of a mark and `file=PATH`.
 *
 * @param info The info string.
 * @returns What it says.
 * @throws {SyntaxError} If it says anything else.
 */
export function parseInfo(info: string): BlockInfo {
  const [language = "", ...words] = info.split(/\s+/);
  if (!isLanguage(language)) {
    throw new SyntaxError(`Info string "${info}" does not start with a known language`);
  }
  const { marks, mayBeFile } = LANGUAGES[language];
  const [word, ...others] = words;
  if (word === undefined) return { language };
  const file = /^file=(.+)$/.exec(word)?.[1];
  if (others.length === 0 && file !== undefined && mayBeFile) return { language, file };
  if (others.length === 0 && marks.some((mark) => mark === word)) return { language, mark: word };
  throw new SyntaxError(`Info string "${info}" has marks that "${language}" does not know`);
}

function isLanguage(word: string): word is Language {
  return Object.hasOwn(LANGUAGES, word);
}
