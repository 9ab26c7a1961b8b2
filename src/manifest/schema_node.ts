/**
 * What a schema says about the value at a path, for error messages.
 *
 * @module
 */

import { z, type ZodType } from "zod";
import type { KeyPath } from "./finding.ts";

/** What a schema says about one value. */
export interface SchemaNode {
  /** The keys that the value may have, if it is a table. */
  readonly keys: readonly string[];
  /** What is expected, in words; absent if the schema has no description. */
  readonly description?: string;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * Looks up what a schema says. Goes by the JSON schema, because that is the one public view of a
 * schema that sees through transforms and defaults.
 *
 * @param schema The schema.
 * @param path The keys that lead from the schema's value to the value in question.
 * @returns What is known; without keys and description if the schema does not reach so far.
 */
export function schemaNode(schema: ZodType, path: KeyPath): SchemaNode {
  let nodes: JsonSchema[] = [
    z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }),
  ];
  for (const key of path) {
    nodes = nodes.flatMap(alternatives).flatMap((node) => child(node, key));
  }
  const description = nodes.find((node) => node.description)?.description;
  return {
    keys: nodes.flatMap(alternatives)
      .flatMap((node) => Object.keys(node.properties ?? {})),
    ...(description !== undefined && { description }),
  };
}

function alternatives(node: JsonSchema): JsonSchema[] {
  const inner = [...node.anyOf ?? [], ...node.allOf ?? []];
  return [node, ...inner.filter(isSchema).flatMap(alternatives)];
}

function child(node: JsonSchema, key: string | number): JsonSchema[] {
  const found = typeof key === "number"
    ? [node.items].flat()
    : [node.properties?.[key] ?? node.additionalProperties];
  return found.filter(isSchema);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}
