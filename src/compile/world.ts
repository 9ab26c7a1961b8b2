/**
 * A component's world: what it imports and what it exports, with the signatures of its functions.
 * Read from the WIT text that the component's own types print as, which has one item per statement
 * and no comments.
 *
 * Grammar: https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md
 *
 * @module
 */

/** What a component imports and exports. */
export interface World {
  /** What the component needs. */
  readonly imports: readonly WorldItem[];
  /** What the component offers. */
  readonly exports: readonly WorldItem[];
}

/** One import or export of a world. */
export type WorldItem = WorldInterface | WorldFunction;

/** An interface, such as `wasi:cli/environment@0.2.6`, or one that was written in place. */
export interface WorldInterface {
  /** Tells the two kinds of item apart. */
  readonly kind: "interface";
  /** The interface's id with its version, or its plain name if it was written in place. */
  readonly name: string;
  /** The names of the functions of an exported interface; absent for an import. */
  readonly functions?: readonly string[];
}

/** A function that belongs to the world itself. */
export interface WorldFunction {
  /** Tells the two kinds of item apart. */
  readonly kind: "function";
  /** The function's name in kebab-case. */
  readonly name: string;
  /** What it takes and returns. */
  readonly signature: FunctionSignature;
}

/** What a function takes and returns. */
export interface FunctionSignature {
  /** The types of the parameters, in order. */
  readonly parameters: readonly WitType[];
  /** The type of the result; absent if the function returns nothing. */
  readonly result?: WitType;
}

/** A WIT type: a name such as `string` or `result`, and its arguments, where `_` is `null`. */
export interface WitType {
  /** The name of the type, or of the type constructor. */
  readonly name: string;
  /** The arguments of a type constructor; empty for a plain type. */
  readonly args: readonly (WitType | null)[];
}

/**
 * A comment, a punctuation mark or a word; the colon of `wasi:cli/exit` is part of the word. What
 * stands in comments comes from the component, so that they must be passed over with care.
 */
const TOKEN_REGEXP =
  /\/\/[^\n]*|\/\*[^]*?\*\/|->|[{}()<>,;:=]|[^\s{}()<>,;:=]+(?::[^\s{}()<>,;:=]+\/[^\s{}()<>,;:=]+)?/g;

/**
 * Reads a world out of the WIT text of a component.
 *
 * @param wit The text: a package line and one world.
 * @param exportedFunctions The functions of exported interfaces, by interface. The text lacks them.
 * @returns The world's imports and exports.
 * @throws {SyntaxError} If the text has no world, or one that cannot be read.
 */
export function parseWorld(
  wit: string,
  exportedFunctions: ReadonlyMap<string, readonly string[]> = new Map(),
): World {
  const tokens = new Tokens(wit);
  const imports: WorldItem[] = [];
  const exports: WorldItem[] = [];
  tokens.skipPast("world");
  tokens.next();
  tokens.expect("{");
  while (!tokens.accept("}")) {
    if (tokens.skipAttribute()) continue;
    if (tokens.accept("import")) imports.push(item(tokens));
    else if (tokens.accept("export")) {
      const exported = item(tokens);
      const functions = exportedFunctions.get(exported.name);
      exports.push(
        exported.kind === "interface" && functions !== undefined
          ? { ...exported, functions }
          : exported,
      );
    } else tokens.skipStatement();
  }
  return { imports, exports };
}

/**
 * Strips the version off an interface's id: jco links imports by the id alone.
 *
 * @param name An interface's id, such as `wasi:cli/environment@0.2.6`.
 * @returns The id without its version.
 */
export function withoutVersion(name: string): string {
  const at = name.indexOf("@");
  return at < 0 ? name : name.slice(0, at);
}

/**
 * Writes a signature the way WIT does.
 *
 * @param signature The signature.
 * @returns Text such as `func(string) -> result<_, string>`.
 */
export function formatSignature(signature: FunctionSignature): string {
  const parameters = signature.parameters.map(formatType).join(", ");
  const result = signature.result === undefined ? "" : ` -> ${formatType(signature.result)}`;
  return `func(${parameters})${result}`;
}

function formatType(type: WitType | null): string {
  if (type === null) return "_";
  return type.args.length === 0
    ? type.name
    : `${type.name}<${type.args.map(formatType).join(", ")}>`;
}

function item(tokens: Tokens): WorldItem {
  const name = unescape(tokens.next());
  if (tokens.accept(";")) return { kind: "interface", name };
  tokens.expect(":");
  if (tokens.accept("interface")) {
    tokens.skipBlock();
    return { kind: "interface", name };
  }
  tokens.accept("async");
  tokens.expect("func");
  const signature = functionSignature(tokens);
  tokens.expect(";");
  return { kind: "function", name, signature };
}

/** WIT marks a name that is also a keyword with `%`. */
function unescape(name: string): string {
  return name.startsWith("%") ? name.slice(1) : name;
}

function functionSignature(tokens: Tokens): FunctionSignature {
  const parameters: WitType[] = [];
  tokens.expect("(");
  while (!tokens.accept(")")) {
    tokens.next();
    tokens.expect(":");
    parameters.push(type(tokens));
    tokens.accept(",");
  }
  return tokens.accept("->") ? { parameters, result: type(tokens) } : { parameters };
}

function type(tokens: Tokens): WitType {
  const name = tokens.next();
  const args: (WitType | null)[] = [];
  if (tokens.accept("<")) {
    while (!tokens.accept(">")) {
      args.push(tokens.accept("_") ? null : type(tokens));
      tokens.accept(",");
    }
  }
  return { name, args };
}

class Tokens {
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = (text.match(TOKEN_REGEXP) ?? []).filter((token) => !/^\/[/*]/.test(token));
  }

  next(): string {
    const token = this.#tokens[this.#position++];
    if (token === undefined) {
      throw new SyntaxError("Cannot read WIT: unexpected end");
    }
    return token;
  }

  accept(token: string): boolean {
    if (this.#tokens[this.#position] !== token) return false;
    this.#position++;
    return true;
  }

  expect(token: string): void {
    const found = this.next();
    if (found !== token) {
      throw new SyntaxError(
        `Cannot read WIT: expected "${token}", found "${found}"`,
      );
    }
  }

  skipPast(token: string): void {
    while (this.next() !== token);
  }

  /** Skips an attribute such as `@since(version = 0.2.0)`. Returns whether there was one. */
  skipAttribute(): boolean {
    if (!this.#tokens[this.#position]?.startsWith("@")) return false;
    this.next();
    if (this.accept("(")) this.skipPast(")");
    return true;
  }

  /** Skips a block in braces, whose opening brace is the next token. */
  skipBlock(): void {
    this.expect("{");
    for (let depth = 1; depth > 0;) {
      const token = this.next();
      if (token === "{") depth++;
      else if (token === "}") depth--;
    }
  }

  /** Skips a type definition or a `use`, which ends with a block or with a semicolon. */
  skipStatement(): void {
    for (let depth = 0;;) {
      const token = this.next();
      if (token === "{") depth++;
      else if (token === "}" && --depth === 0) {
        // `use a.{b};` has a semicolon behind its braces, a type definition has none.
        this.accept(";");
        return;
      } else if (token === ";" && depth === 0) return;
    }
  }
}
