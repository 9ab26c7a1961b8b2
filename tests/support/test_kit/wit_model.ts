/**
 * The interfaces that a WIT file spells out, with their functions' types: enough of WIT for the file
 * of the raw guest, whose packages are nested and have no comments but line comments.
 *
 * @module
 */

/** A type, resolved down to what the canonical ABI knows. */
export type WitType =
  | { readonly kind: "primitive"; readonly name: PrimitiveName }
  | { readonly kind: "list"; readonly element: WitType }
  | { readonly kind: "record"; readonly fields: readonly (readonly [string, WitType])[] }
  | { readonly kind: "tuple"; readonly elements: readonly WitType[] }
  | { readonly kind: "option"; readonly some: WitType }
  | { readonly kind: "result"; readonly ok?: WitType; readonly error?: WitType }
  | {
    readonly kind: "variant";
    readonly cases: readonly (readonly [string, WitType | undefined])[];
  }
  | { readonly kind: "enum"; readonly cases: readonly string[] }
  | { readonly kind: "flags"; readonly names: readonly string[] }
  | { readonly kind: "handle"; readonly resource: string };

/** The types that are not made of others. */
export type PrimitiveName = "bool" | "char" | "string" | "u8" | "u16" | "u32" | "u64";

/** A function's type. */
export interface WitFunction {
  /** The parameters' types; the first of a method is the handle. */
  readonly parameters: readonly WitType[];
  /** The result's type. */
  readonly result?: WitType;
}

const PRIMITIVES: ReadonlySet<string> = new Set([
  "bool",
  "char",
  "string",
  "u8",
  "u16",
  "u32",
  "u64",
]);
const TOKEN_REGEXP = /\/\/[^\n]*|->|[{}()<>,;:=.]|[^\s{}()<>,;:=.]+/g;

/**
 * Reads all interfaces of the packages that are nested in a WIT file.
 *
 * @param wit The file's text. An interface stands before those that use it.
 * @returns The functions by their ids, such as `wasi:io/poll#[method]pollable.block`.
 */
export function parseWit(wit: string): ReadonlyMap<string, WitFunction> {
  const parser = new Parser(wit.match(TOKEN_REGEXP)?.filter((t) => !t.startsWith("//")) ?? []);
  parser.file();
  return parser.functions;
}

class Parser {
  readonly functions = new Map<string, WitFunction>();
  readonly #tokens: readonly string[];
  readonly #types = new Map<string, Map<string, WitType>>();
  #position = 0;
  #package = "";
  #interface = "";

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  file(): void {
    while (this.#position < this.#tokens.length) {
      if (!this.#accept("package")) {
        this.#skipItem();
        continue;
      }
      this.#package = this.#untilOneOf("{", ";").replace(/@.*/, "");
      if (this.#next() === ";") continue;
      while (!this.#accept("}")) this.#interfaceItem();
    }
  }

  #interfaceItem(): void {
    this.#expect("interface");
    this.#interface = `${this.#package}/${this.#name()}`;
    this.#types.set(this.#interface, new Map());
    this.#expect("{");
    this.#declareResources();
    while (!this.#accept("}")) this.#item();
  }

  /** Resources may stand behind the functions that use them. */
  #declareResources(): void {
    for (let position = this.#position; position < this.#tokens.length; position++) {
      const [word, name] = this.#tokens.slice(position, position + 2);
      if (word === "interface" || word === "package") return;
      if (word === "resource" && name !== undefined) {
        this.#define(name, { kind: "handle", resource: name });
      }
    }
  }

  #item(): void {
    const word = this.#name();
    switch (word) {
      case "use":
        return this.#use();
      case "type": {
        const name = this.#name();
        this.#expect("=");
        this.#define(name, this.#type());
        return this.#expect(";");
      }
      case "record":
        return this.#define(this.#name(), { kind: "record", fields: this.#fields() });
      case "variant":
        return this.#define(this.#name(), { kind: "variant", cases: this.#cases() });
      case "enum":
        return this.#define(this.#name(), { kind: "enum", cases: this.#names() });
      case "flags":
        return this.#define(this.#name(), { kind: "flags", names: this.#names() });
      case "resource":
        return this.#resource(this.#name());
      default:
        this.#expect(":");
        return this.#function(word);
    }
  }

  #use(): void {
    const path = this.#untilOneOf("{").replace(/\.$/, "").replace(/@.*/, "");
    const from = path.includes("/") ? path : `${this.#package}/${path}`;
    this.#expect("{");
    while (!this.#accept("}")) {
      const name = this.#name();
      const type = this.#types.get(from)?.get(name);
      if (type === undefined) throw new SyntaxError(`${from} has no type ${name}`);
      this.#define(this.#accept("as") ? this.#name() : name, type);
      this.#accept(",");
    }
    this.#expect(";");
  }

  #resource(name: string): void {
    const handle: WitType = { kind: "handle", resource: name };
    this.#define(name, handle);
    const drop = `[resource-drop]${name}`;
    this.functions.set(`${this.#interface}#${drop}`, { parameters: [handle] });
    if (this.#accept(";")) return;
    this.#expect("{");
    while (!this.#accept("}")) {
      const method = this.#name();
      if (method === "constructor") {
        const { parameters } = this.#signature();
        this.#add(`[constructor]${name}`, { parameters, result: handle });
        this.#expect(";");
        continue;
      }
      this.#expect(":");
      const isStatic = this.#accept("static");
      const before = isStatic ? [] : [handle];
      this.#function(`${isStatic ? "[static]" : "[method]"}${name}.${method}`, before);
    }
  }

  #function(name: string, before: readonly WitType[] = []): void {
    this.#expect("func");
    const { parameters, result } = this.#signature();
    this.#add(name, {
      parameters: [...before, ...parameters],
      ...(result !== undefined && { result }),
    });
    this.#expect(";");
  }

  #signature(): WitFunction {
    const parameters: WitType[] = [];
    this.#expect("(");
    while (!this.#accept(")")) {
      this.#name();
      this.#expect(":");
      parameters.push(this.#type());
      this.#accept(",");
    }
    return this.#accept("->") ? { parameters, result: this.#type() } : { parameters };
  }

  #type(): WitType {
    const name = this.#name();
    if (isPrimitive(name)) return { kind: "primitive", name };
    const args = this.#arguments();
    const [first, second] = args;
    switch (name) {
      case "list":
        if (first === undefined) throw new SyntaxError("A list of nothing");
        return { kind: "list", element: first };
      case "option":
        if (first === undefined) throw new SyntaxError("An option of nothing");
        return { kind: "option", some: first };
      case "borrow":
      case "own":
        if (first === undefined) throw new SyntaxError("A handle of nothing");
        return first;
      case "tuple":
        return { kind: "tuple", elements: args.filter((arg) => arg !== undefined) };
      case "result":
        return {
          kind: "result",
          ...(first !== undefined && { ok: first }),
          ...(second !== undefined && { error: second }),
        };
      default: {
        const type = this.#types.get(this.#interface)?.get(name);
        if (type === undefined) throw new SyntaxError(`${this.#interface} has no type ${name}`);
        return type;
      }
    }
  }

  #arguments(): readonly (WitType | undefined)[] {
    const args: (WitType | undefined)[] = [];
    if (!this.#accept("<")) return args;
    while (!this.#accept(">")) {
      args.push(this.#accept("_") ? undefined : this.#type());
      this.#accept(",");
    }
    return args;
  }

  #fields(): readonly (readonly [string, WitType])[] {
    const fields: [string, WitType][] = [];
    this.#expect("{");
    while (!this.#accept("}")) {
      const name = this.#name();
      this.#expect(":");
      fields.push([name, this.#type()]);
      this.#accept(",");
    }
    return fields;
  }

  #cases(): readonly (readonly [string, WitType | undefined])[] {
    const cases: [string, WitType | undefined][] = [];
    this.#expect("{");
    while (!this.#accept("}")) {
      const name = this.#name();
      let payload: WitType | undefined;
      if (this.#accept("(")) {
        payload = this.#type();
        this.#expect(")");
      }
      cases.push([name, payload]);
      this.#accept(",");
    }
    return cases;
  }

  #names(): readonly string[] {
    const names: string[] = [];
    this.#expect("{");
    while (!this.#accept("}")) {
      names.push(this.#name());
      this.#accept(",");
    }
    return names;
  }

  #define(name: string, type: WitType): void {
    this.#types.get(this.#interface)?.set(name, type);
  }

  #add(name: string, type: WitFunction): void {
    this.functions.set(`${this.#interface}#${name}`, type);
  }

  #skipItem(): void {
    let depth = 0;
    do {
      const token = this.#next();
      if (token === "{") depth++;
      if (token === "}") depth--;
      if (depth === 0 && (token === ";" || token === "}")) return;
    } while (this.#position < this.#tokens.length);
  }

  #untilOneOf(...ends: readonly string[]): string {
    let text = "";
    while (!ends.includes(this.#tokens[this.#position] ?? "{")) text += this.#next();
    return text;
  }

  /** A name; WIT marks one that is also a keyword with `%`. */
  #name(): string {
    return this.#next().replace(/^%/, "");
  }

  #next(): string {
    const token = this.#tokens[this.#position++];
    if (token === undefined) throw new SyntaxError("The WIT file ends too early");
    return token;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#position] !== token) return false;
    this.#position++;
    return true;
  }

  #expect(token: string): void {
    const found = this.#next();
    if (found !== token) throw new SyntaxError(`Expected ${token} and found ${found}`);
  }
}

function isPrimitive(name: string): name is PrimitiveName {
  return PRIMITIVES.has(name);
}
