/**
 * Where the keys and values of a TOML text stand. Loads a second, slower parser, so this file is
 * only imported once there is something to point at.
 *
 * @module
 */

import { type AST, parseTOML } from "toml-eslint-parser";
import type { KeyPath } from "./finding.ts";

/** A stretch of text, as offsets in UTF-16 code units. */
export interface TextRange {
  /** Where it starts. */
  readonly start: number;
  /** Where it ends, excluded. */
  readonly end: number;
}

/** The places of one key. */
interface Entry {
  key: TextRange;
  value?: TextRange;
}

/** The positions of everything in a TOML text. */
export class TomlPositions {
  readonly #entries = new Map<string, Entry>();

  /**
   * Reads the text once more.
   *
   * @param text The TOML text, without a byte order mark.
   */
  constructor(text: string) {
    const [root] = parseTOML(text).body;
    for (const node of root.body) {
      if (node.type === "TOMLTable") this.#addTable(node);
      else this.#addKeyValue(node, []);
    }
  }

  /**
   * Finds the text of a value, or of the nearest table around it if the value is not there.
   *
   * @param path The keys that lead to the value.
   * @param at Whether to point at the key or at the value; a table's value is its header.
   * @returns The place; `undefined` if not even the first key is there.
   */
  find(path: KeyPath, at: "key" | "value"): TextRange | undefined {
    for (let length = path.length; length > 0; length--) {
      const entry = this.#entries.get(JSON.stringify(path.slice(0, length)));
      if (entry === undefined) continue;
      return length === path.length && at === "key" ? entry.key : entry.value ?? entry.key;
    }
    return undefined;
  }

  #addTable(node: AST.TOMLTable): void {
    const names = node.key.keys;
    let nameIndex = 0;
    node.resolvedKey.forEach((part, index) => {
      const path = node.resolvedKey.slice(0, index + 1);
      if (typeof part === "string") nameIndex++;
      const name = names[nameIndex - 1];
      if (name !== undefined) this.#add(path, name);
    });
    this.#add(node.resolvedKey, names.at(-1) ?? node.key, node.key);
    for (const child of node.body) this.#addKeyValue(child, node.resolvedKey);
  }

  #addKeyValue(node: AST.TOMLKeyValue, container: KeyPath): void {
    let path = container;
    for (const key of node.key.keys) {
      path = [...path, key.type === "TOMLBare" ? key.name : key.value];
      this.#add(path, key);
    }
    this.#addValue(node.value, path);
  }

  #addValue(node: AST.TOMLContentNode, path: KeyPath): void {
    this.#add(path, node, node);
    if (node.type === "TOMLInlineTable") {
      for (const child of node.body) this.#addKeyValue(child, path);
    } else if (node.type === "TOMLArray") {
      node.elements.forEach((element, index) => this.#addValue(element, [...path, index]));
    }
  }

  /** Keeps the first place of a key, but lets a later header give the value's place. */
  #add(path: KeyPath, key: AST.TOMLNode, value?: AST.TOMLNode): void {
    const id = JSON.stringify(path);
    const entry = this.#entries.get(id) ?? { key: rangeOf(key) };
    if (value !== undefined) entry.value ??= rangeOf(value);
    this.#entries.set(id, entry);
  }
}

function rangeOf(node: AST.TOMLNode): TextRange {
  return { start: node.range[0], end: node.range[1] };
}
