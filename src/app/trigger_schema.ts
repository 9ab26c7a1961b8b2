/**
 * What the application model must know of a trigger type to validate its entries, and no more.
 *
 * @module
 */

/** The schema of one trigger type's keys. */
export interface TriggerSchema {
  /** The type's name, as in `[[trigger.<type>]]`. */
  readonly type: string;
  /** The keys of one entry, without the common `id` and `component`. */
  readonly config: ConfigSchema;
  /** The keys of `[application.trigger.<type>]`; no key is allowed if absent. */
  readonly settings?: ConfigSchema;
}

/**
 * A schema of zod, Valibot, ArkType or any other library that keeps to Standard Schema, version 1
 * (https://standardschema.dev).
 */
export interface ConfigSchema<Output = unknown> {
  /** What the libraries have in common. */
  readonly "~standard": {
    /** The version of the specification. */
    readonly version: 1;
    /** The library's name. */
    readonly vendor: string;
    /** Validates a value. It must answer at once. */
    readonly validate: (
      value: unknown,
    ) => ConfigResult<Output> | Promise<ConfigResult<Output>>;
    /** The types, for the compiler alone. */
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** What a schema made of a value, or what is wrong with it. */
export type ConfigResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly ConfigIssue[] };

/** Something that is wrong with a value. */
export interface ConfigIssue {
  /** What it is. */
  readonly message: string;
  /** The keys that lead to it. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema makes of a value. */
export type OutputOf<Schema extends ConfigSchema> = Schema extends ConfigSchema<infer Output>
  ? Output
  : never;
