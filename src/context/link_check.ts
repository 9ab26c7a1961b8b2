/**
 * Whether the host offers what a component imports.
 *
 * @module
 */

import type { Component } from "../app/application.ts";
import type { World } from "../compile/world.ts";
import { PrepareError } from "../errors.ts";
import { interfaceId } from "../host/catalog.ts";

/** Interfaces that Spin provides and this version does not, by the manifest key that grants them. */
const NOT_YET: readonly (readonly [prefix: RegExp, key: string])[] = [
  [
    /^(fermyon:spin|spin:key-value|wasi:keyvalue).*(key-value|store|atomics|batch)/,
    "key_value_stores",
  ],
  [/^(fermyon:spin\/sqlite|spin:sqlite)/, "sqlite_databases"],
  [/^fermyon:spin\/llm/, "ai_models"],
  [
    /^(fermyon:spin\/(variables|config)|spin:variables|wasi:config)/,
    "variables",
  ],
];

/** How many missing imports are named. */
const MOST_NAMES = 20;

/**
 * Refuses a component that imports what no host interface provides.
 *
 * @param component The component.
 * @param world What it imports.
 * @throws {PrepareError} `ERR_IMPORT_NOT_PROVIDED`, with the whole list.
 */
export function assertImportsProvided(
  component: Component,
  world: World,
): void {
  const missing = world.imports.filter(({ kind, name }) =>
    kind === "function" || interfaceId(name) === undefined
  ).map(({ name }) => name);
  if (missing.length === 0) return;
  const grants = NOT_YET.filter(([pattern]) => missing.some((name) => pattern.test(name)));
  throw new PrepareError(
    "ERR_IMPORT_NOT_PROVIDED",
    `Component "${component.id}" imports what no host interface provides: ${listOf(missing)}`,
    {
      hint: grants.length === 0
        ? "Gyre provides WASI 0.2 (wasi:cli, io, clocks, random, filesystem, sockets, http)"
        : `The manifest key ${
          grants.map(([, key]) => key).join(", ")
        } is read, but its host interface is not in this version of Gyre`,
    },
  );
}

function listOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
