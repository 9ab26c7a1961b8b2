/**
 * The shape of a version 2 manifest. Only shape: what needs the file system, the other tables or a
 * trigger type is checked afterwards. Descriptions complete the sentence "expected: …".
 *
 * @module
 */

import { z } from "zod";
import type { IdGrammar } from "../app/ids.ts";
import { addProblem, idFinding } from "./problem.ts";
import { limitsSchema } from "./limits_schema.ts";
import { sourceSchema, urlSourceSchema } from "./source_schema.ts";

const INHERITABLE = [
  "ai_models",
  "allowed_outbound_hosts",
  "environment",
  "files",
  "key_value_stores",
  "sqlite_databases",
  "variables",
] as const;

const text = z.string().describe("a string");
const texts = z.array(text).describe("an array of strings");
const anyTable = z.record(z.string(), z.unknown()).describe("a table");

const labels = z.array(name("Label", "label")).describe("an array of labels");

const targets = z.array(
  z.union([text, z.strictObject({ url: text }), z.strictObject({ path: text })])
    .describe("a string, or a table with url or path"),
).describe("an array of target environments");

const command = z.union([text, texts])
  .describe("a command, or an array of commands");

const inheritance = z.union([z.boolean(), z.array(z.enum(INHERITABLE))])
  .describe("true, false or an array of component keys");

const dependency = z.union([
  text,
  z.strictObject({
    version: text.optional(),
    registry: text.optional(),
    package: text.optional(),
    path: text.optional(),
    url: urlSourceSchema.shape.url.optional(),
    digest: urlSourceSchema.shape.digest.optional(),
    component: text.optional(),
    export: text.optional(),
    inherit_configuration: inheritance.optional(),
  }),
]).describe(
  "a version requirement, or a table that says where the dependency is",
);
const dependencies = z.record(z.string(), dependency).describe("a table");

const environmentName = z.string().superRefine((key, context) => {
  if (key !== "" && !key.includes("=") && !key.includes("\0")) return;
  addProblem(context, {
    code: "ERR_INVALID_ID",
    message: `No environment variable can have the name "${key}"`,
    expected: 'a name without "="',
  });
});
const environment = z.record(environmentName, text)
  .describe("a table of strings");

const workdir = z.string().superRefine((path, context) => {
  if (!path.startsWith("/") && !/^[A-Za-z]:/.test(path)) return;
  addProblem(context, {
    code: "ERR_INVALID_VALUE",
    message: `The build directory "${path}" is absolute`,
    expected: "a path relative to the manifest's directory",
  });
}).describe("a string");

const build = z.strictObject({
  command,
  workdir: workdir.optional(),
  watch: texts.default([]),
}).describe('a table, such as { command = "make" }');

const profile = z.strictObject({
  source: sourceSchema.optional(),
  environment: environment.optional(),
  dependencies: dependencies.optional(),
  build: z.strictObject({ command: command.optional() }).optional(),
}).describe("a table");

const mount = z.strictObject({
  source: z.string()
    .describe("a string, the path of a file or directory of the application"),
  destination: z.string()
    .describe('a string, the path for the guest, such as "/data"'),
  writable: z.boolean().describe("true or false").optional(),
});

/** The schema of `[application]`. */
export const applicationSchema = z.strictObject({
  name: z.string().describe("a string, the application's name"),
  version: text.default(""),
  description: text.default(""),
  authors: texts.default([]),
  targets: targets.optional(),
  trigger: z.record(z.string(), z.unknown()).default({}).describe("a table"),
  triggers: z.record(z.string(), text).default({})
    .describe('a table of modules by trigger type, such as { directory = "./directory.ts" }'),
  limits: limitsSchema.optional(),
  tool: anyTable.optional(),
}).describe("a table with name");

/** The schema of one entry of `[variables]`. */
export const variableSchema = z.strictObject({
  description: text.default(""),
  required: z.boolean().describe("true or false").optional(),
  default: text.optional(),
  secret: z.boolean().describe("true or false").default(false),
}).describe('a table, such as { default = "text" } or { required = true }');

/** The schema of `[component.<id>]`. */
export const componentSchema = z.strictObject({
  source: sourceSchema,
  description: text.default(""),
  variables: z.record(name("Variable name", "snake"), text).default({})
    .describe("a table of strings"),
  environment: environment.default({}),
  files: z.array(
    z.union([text, mount])
      .describe("a path, a glob, or a table with source and destination"),
  ).default([]).describe(
    "an array of paths, globs, and tables with source and destination",
  ),
  exclude_files: texts.default([]),
  allowed_outbound_hosts: texts.default([]),
  allowed_http_hosts: texts.optional(),
  allowed_inbound: texts.default([]),
  key_value_stores: labels.default([]),
  sqlite_databases: labels.default([]),
  ai_models: labels.default([]),
  targets: targets.optional(),
  build: build.optional(),
  limits: limitsSchema.optional(),
  dependencies: dependencies.default({}),
  dependencies_inherit_configuration: z.boolean().describe("true or false")
    .optional(),
  profile: z.record(z.string(), profile).optional().describe("a table"),
  tool: anyTable.optional(),
}).describe("a table with source");

const componentSpec = z.union([text, componentSchema])
  .describe("a component's id, or a table like [component.<id>]");

/** The schema of the keys that the triggers of every type have. */
export const triggerSchema = z.strictObject({
  id: text.optional(),
  component: componentSpec,
  components: z.record(
    z.string(),
    z.union([componentSpec, z.array(componentSpec)]),
  ).optional().describe("a table"),
  dependencies: z.record(z.string(), z.array(dependency)).optional()
    .describe("a table of arrays"),
});

/** A component's table, after its schema. */
export type ComponentTable = z.infer<typeof componentSchema>;

/** The keys that the triggers of every type have, after their schema. */
export type TriggerTable = z.infer<typeof triggerSchema>;

function name(what: string, grammar: IdGrammar): z.ZodType<string, string> {
  return z.string().superRefine((value, context) => {
    const problem = idFinding(value, { what, grammar });
    if (problem !== undefined) addProblem(context, problem);
  }).describe("a string");
}
