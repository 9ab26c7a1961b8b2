/**
 * The shape of a component's `source`.
 *
 * @module
 */

import { z } from "zod";
import { addProblem } from "./problem.ts";

const DIGEST_REGEXP = /^sha256:[0-9a-f]{64}$/i;
const PACKAGE_REGEXP = /^[a-z][a-z0-9-]*(?::[a-z][a-z0-9-]*)+$/;
const SEMVER_REGEXP = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

const text = z.string().describe("a string");

const DIGEST_EXPECTED = '"sha256:" and 64 hexadecimal digits';
const PACKAGE_EXPECTED = 'a namespace and a name, such as "example:hello"';
const VERSION_EXPECTED = 'a version, such as "1.2.3"';

const url = z.string().superRefine((value, context) => {
  const protocol = URL.parse(value)?.protocol;
  if (protocol === "https:" || protocol === "http:") return;
  addProblem(context, {
    code: "ERR_SOURCE_URL",
    message: `"${value}" is no URL that a component can be fetched from`,
    expected: "an http or https URL",
  });
}).describe("an http or https URL");

const digest = z.string().superRefine((value, context) => {
  if (DIGEST_REGEXP.test(value)) return;
  const hasPrefix = value.startsWith("sha256:");
  addProblem(context, {
    code: "ERR_INVALID_DIGEST",
    message: hasPrefix
      ? `Digest "${value}" has not exactly 64 hexadecimal digits`
      : `Digest "${value}" does not start with "sha256:"`,
    expected: DIGEST_EXPECTED,
    hint: "sha256sum prints the digits for a file",
  });
}).describe(DIGEST_EXPECTED);

const packageName = z.string().superRefine((value, context) => {
  if (PACKAGE_REGEXP.test(value)) return;
  addProblem(context, {
    code: "ERR_INVALID_VALUE",
    message: `"${value}" is no package name`,
    expected: PACKAGE_EXPECTED,
  });
}).describe(PACKAGE_EXPECTED);

const version = z.string().superRefine((value, context) => {
  if (SEMVER_REGEXP.test(value)) return;
  addProblem(context, {
    code: "ERR_INVALID_VALUE",
    message: `"${value}" is no exact version`,
    expected: VERSION_EXPECTED,
  });
}).describe(VERSION_EXPECTED);

/** The schema of a source that is fetched from a URL. */
export const urlSourceSchema = z.strictObject({ url, digest });

/** The schema of a component's `source`. */
export const sourceSchema = z.union([
  text,
  urlSourceSchema,
  z.strictObject({ package: packageName, version, registry: text.optional() }),
]).describe(
  "a path, a table with url and digest, or a table with package and version",
);
