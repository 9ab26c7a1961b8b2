import { guestTrap } from "../../../guest_trap.ts";
import { MOST_FIELD_BYTES } from "./bounds.ts";
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

/** What a field takes in a message besides its name and value: `: ` and a line break. */
const FIELD_OVERHEAD = 4;

/**
 * The resource `wasi:http/types.fields`. Names are compared without regard to case. A guest that
 * puts more into it than 128 KiB traps, because `header-error` has no case for it.
 */
export class Fields {
  #entries: Field[] = [];
  #size = 0;
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

  /**
   * Creates the fields of a message that was received.
   *
   * @param entries The names and values in order. Those of the connection are left out.
   * @returns Fields that cannot be changed.
   */
  static received(entries: readonly Field[]): Fields {
    const fields = new Fields();
    fields.#entries = entries.filter(([name]) => !FORBIDDEN.has(name.toLowerCase()));
    return fields.freeze();
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
    for (const value of values) this.#push(name, value);
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
    this.#size = this.#entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
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
    this.#push(name, value);
  }

  /** Gives all names and values in order, as they were written. */
  entries(): Field[] {
    return [...this.#entries];
  }

  /** Makes a copy that may be changed. */
  clone(): Fields {
    const copy = new Fields();
    copy.#entries = [...this.#entries];
    copy.#size = this.#size;
    return copy;
  }

  /** Forbids all further change, as the headers of a message are once it has been made. */
  freeze(): this {
    this.#immutable = true;
    return this;
  }

  #push(name: string, value: Uint8Array): void {
    const entry: Field = [name, value];
    this.#size += sizeOf(entry);
    if (this.#size > MOST_FIELD_BYTES) {
      throw guestTrap(`wasi:http/types#fields holds more than ${MOST_FIELD_BYTES} bytes`);
    }
    this.#entries.push(entry);
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

function sizeOf([name, value]: Field): number {
  return name.length + value.length + FIELD_OVERHEAD;
}

function checkValue(value: Uint8Array): void {
  if (value.some(isControl)) throw { tag: "invalid-syntax" } satisfies HeaderError;
}

/** RFC 9110, section 5.5: of the control characters only the tab may be in a value. */
function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 || byte === 0x7f;
}
