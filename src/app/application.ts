/**
 * The application model: what an application is once its manifest has been validated. Plain,
 * frozen data; nothing here reads a file or knows about TOML.
 *
 * @module
 */

/** An application: components, and the triggers that call them. */
export interface Application {
  /** The application's name. */
  readonly name: string;
  /** Free text; empty if the author gave none. */
  readonly version: string;
  /** Free text; empty if the author gave none. */
  readonly description: string;
  /** Free text, such as `Ada <ada@example.com>`. */
  readonly authors: readonly string[];
  /** Where the application came from, as the user named it: a path or a URL. For messages. */
  readonly origin: string;
  /** The absolute directory that relative paths start from. */
  readonly baseDir: string;
  /** Application variables by name (lower_snake_case). */
  readonly variables: Readonly<Record<string, Variable>>;
  /** The components, in the manifest's order. */
  readonly components: readonly Component[];
  /** The triggers, in the manifest's order. */
  readonly triggers: readonly TriggerConfig[];
  /** Application-wide settings of a trigger type, `[application.trigger.<type>]`, by type. */
  readonly triggerSettings: Readonly<Record<string, unknown>>;
}

/** An application variable: exactly one of `required` and `default` is given. */
export interface Variable {
  /** Free text; empty if the author gave none. */
  readonly description: string;
  /** Whether the value must come from outside. */
  readonly required: boolean;
  /** The value where nothing else gives one; absent exactly if `required`. */
  readonly default?: string;
  /** Whether the value must never be printed. */
  readonly secret: boolean;
}

/** One component: its source, and all that it is granted. */
export interface Component {
  /** Kebab-case identifier, unique within the application. */
  readonly id: string;
  /** Free text; empty if the author gave none. */
  readonly description: string;
  /** Where the component's bytes come from. */
  readonly source: ComponentSource;
  /** Environment variables that the guest sees, taken literally. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files that the guest sees, as the author wrote them. */
  readonly files: readonly FileGrant[];
  /** Globs, relative to the application's directory, of files that are not mounted. */
  readonly excludeFiles: readonly string[];
  /** Allowed outbound hosts, with templates that are not expanded yet. */
  readonly allowedOutboundHosts: readonly string[];
  /** Addresses that the component may listen on, such as `tcp://127.0.0.1:7000`. */
  readonly allowedInbound: readonly string[];
  /** The component's own variables: name to template, such as `"{{ greeting }}!"`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Labels of the key-value stores that the component may open. */
  readonly keyValueStores: readonly string[];
  /** Labels of the SQLite databases that the component may open. */
  readonly sqliteDatabases: readonly string[];
  /** Names of the AI models that the component may use. */
  readonly aiModels: readonly string[];
  /** Names of the components' dependencies that the author declared; composition is not done. */
  readonly dependencies: readonly string[];
  /** How much the component may use. */
  readonly limits: Limits;
  /** How the component is built from its own source, if the author said so. */
  readonly build?: Build;
}

/** Where a component's bytes come from. */
export type ComponentSource =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "url"; readonly url: string; readonly digest: string }
  | {
    readonly kind: "registry";
    readonly package: string;
    readonly version: string;
    readonly registry?: string;
  };

/** One entry of a component's `files`. */
export type FileGrant =
  /** A glob or path relative to the application's directory, mounted under the same path. */
  | { readonly kind: "pattern"; readonly pattern: string }
  /** A file or directory, mounted at an absolute guest path. */
  | {
    readonly kind: "mount";
    readonly source: string;
    readonly destination: string;
    /** Whether the guest may change the source itself; otherwise it sees a copy. */
    readonly writable: boolean;
  };

/** How much one component may use. */
export interface Limits {
  /** How long one event may take, in ms; as long as it likes if absent. */
  readonly timeout?: number;
  /** The linear memory of one instance, in bytes, over all its memories. */
  readonly memory: number;
  /** How many instances may live at once. */
  readonly maxConcurrency: number;
  /** How many events may wait for an instance; beyond that an event is refused. */
  readonly queue: number;
}

/** How a component is built from its own source. */
export interface Build {
  /** Shell commands, run in order. */
  readonly commands: readonly string[];
  /** The directory to run in, relative to the application's; the application's own if absent. */
  readonly workdir?: string;
  /** Globs of the files whose change makes a new build necessary. */
  readonly watch: readonly string[];
}

/** One `[[trigger.<type>]]` entry. */
export interface TriggerConfig {
  /** Unique within the application; made up if the author gave none. */
  readonly id: string;
  /** The trigger's type, such as `timer`. */
  readonly type: string;
  /** The id of the component that the trigger calls. */
  readonly component: string;
  /** What the trigger type's own schema made of the entry's other keys. */
  readonly config: unknown;
}
