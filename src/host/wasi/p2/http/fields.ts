import { isToken } from "./is_token.ts";

/** The variant `wasi:http/types.header-error`. */
export interface HeaderError {
  /** Which case it is. */
  readonly tag: "invalid-syntax" | "forbidden" | "immutable";
}

/** One name with one value. */
export type Field = readonly [name: string, value: Uint8Array];

/** The fields of the connection, which belong to the host. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  "connection",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** The resource `wasi:http/types.fields`. Names are compared without regard to case. */
export class Fields {
  #entries: Field[] = [];
  #immutable = false;

  /**
   * Creates fields.
   *
   * @param entries The names and values in order.
   * @returns Fields that may be changed.
   * @throws {@linkcode HeaderError}
   */
  static fromList(entries: readonly Field[]): Fields {
    const fields = new Fields();
    for (const [name, value] of entries) fields.append(name, value);
    return fields;
  }

  /** Gives all values of a name, in order. */
  get(name: string): Uint8Array[] {
    return this.#entries.filter(hasName(name)).map(([, value]) => value);
  }

  /** Tells whether a name has a value. */
  has(name: string): boolean {
    return this.#entries.some(hasName(name));
  }

  /**
   * Replaces all values of a name.
   *
   * @param name The name.
   * @param values The values in order.
   * @throws {@linkcode HeaderError}
   */
  set(name: string, values: readonly Uint8Array[]): void {
    this.#check(name);
    values.forEach(checkValue);
    this.delete(name);
    for (const value of values) this.#entries.push([name, value]);
  }

  /**
   * Removes all values of a name.
   *
   * @param name The name.
   * @throws {@linkcode HeaderError}
   */
  delete(name: string): void {
    this.#check(name);
    const named = hasName(name);
    this.#entries = this.#entries.filter((entry) => !named(entry));
  }

  /**
   * Adds a value to a name.
   *
   * @param name The name.
   * @param value The value.
   * @throws {@linkcode HeaderError}
   */
  append(name: string, value: Uint8Array): void {
    this.#check(name);
    checkValue(value);
    this.#entries.push([name, value]);
  }

  /** Gives all names and values in order, as they were written. */
  entries(): Field[] {
    return [...this.#entries];
  }

  /** Makes a copy that may be changed. */
  clone(): Fields {
    const copy = new Fields();
    copy.#entries = [...this.#entries];
    return copy;
  }

  /** Forbids all further change, as the headers of a message are once it has been made. */
  freeze(): this {
    this.#immutable = true;
    return this;
  }

  #check(name: string): void {
    if (this.#immutable) throw { tag: "immutable" } satisfies HeaderError;
    if (!isToken(name)) throw { tag: "invalid-syntax" } satisfies HeaderError;
    if (FORBIDDEN.has(name.toLowerCase())) {
      throw { tag: "forbidden" } satisfies HeaderError;
    }
  }
}

function hasName(name: string): (entry: Field) => boolean {
  const wanted = name.toLowerCase();
  return ([entryName]) => entryName.toLowerCase() === wanted;
}

function checkValue(value: Uint8Array): void {
  // RFC 9110, section 5.5: these three would end the field, or the message.
  if (value.includes(0x00) || value.includes(0x0a) || value.includes(0x0d)) {
    throw { tag: "invalid-syntax" } satisfies HeaderError;
  }
}
