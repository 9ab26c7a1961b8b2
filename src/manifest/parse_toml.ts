/**
 * TOML text to plain data, by the fast parser, which knows no positions of values.
 *
 * @module
 */

import { parse, TomlError } from "smol-toml";
import { ManifestError, type ManifestIssue } from "../errors.ts";

/** How many levels of tables and arrays a manifest may have. */
const DEEPEST = 64;

const PREFIX = "Invalid TOML document: ";

/** What the parser's reasons mean to the author, where they are not plain. */
const REASONS: readonly {
  readonly pattern: RegExp;
  readonly message: string;
  readonly hint: string;
}[] = [
  {
    pattern: /^trying to redefine/,
    message: "A table or key is given twice",
    hint: "Merge the two, or rename one of them",
  },
  {
    pattern: /^control characters are not allowed in strings/,
    message: "A string does not end on its line",
    hint: 'Close it with a quote, or use """ for text of several lines',
  },
  {
    pattern: /^invalid value/,
    message: "This is not a value",
    hint: 'Text needs quotes, as in key = "text"',
  },
  {
    pattern: /key/,
    message: "This is neither a table header nor a key",
    hint: 'A line reads [table], [[table]] or key = "value"',
  },
];

/**
 * Reads a manifest's text.
 *
 * @param text The text.
 * @param origin Where the text came from, for messages.
 * @returns The top-level table.
 * @throws {ManifestError} With one issue, `ERR_MANIFEST_SYNTAX`, if the text is not TOML.
 */
export function parseToml(
  text: string,
  origin: string,
): Readonly<Record<string, unknown>> {
  try {
    const table = parse(text);
    assertShallow(table, origin);
    return table;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ManifestError(origin, [syntaxIssue(text, { origin, error })], {
      cause: error,
    });
  }
}

/** Refuses what nobody writes by hand, so that no later walk can run out of stack. */
function assertShallow(table: unknown, origin: string): void {
  let level: readonly unknown[] = [table];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) {
      throw new ManifestError(origin, [{
        code: "ERR_MANIFEST_SYNTAX",
        message: `Tables are nested more than ${DEEPEST} levels deep`,
        path: [],
      }]);
    }
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : []
    );
  }
}

function syntaxIssue(
  text: string,
  from: { readonly origin: string; readonly error: TomlError },
): ManifestIssue {
  const { line, column, message } = from.error;
  // The parser's message goes on with an excerpt of its own.
  const [reason = message] = message.replace(PREFIX, "").split("\n");
  const known = REASONS.find(({ pattern }) => pattern.test(reason));
  return {
    code: "ERR_MANIFEST_SYNTAX",
    message: known?.message ?? `Invalid TOML: ${reason}`,
    path: [],
    ...(known !== undefined && { hint: known.hint }),
    location: {
      file: from.origin,
      line,
      column,
      excerpt: text.split(/\r?\n/)[line - 1] ?? "",
      width: 1,
    },
  };
}
