/**
 * Gyre runs WebAssembly components when events happen.
 *
 * @module
 */

export type {
  Application,
  Build,
  Component,
  ComponentSource,
  FileGrant,
  Limits,
  TriggerConfig,
  Variable,
} from "./src/app/application.ts";
export { DEFAULT_LIMITS } from "./src/app/limits.ts";
export type { Clock } from "./src/clock.ts";
export { delay, systemClock } from "./src/clock.ts";
export type {
  FunctionSignature,
  WitType,
  World,
  WorldFunction,
  WorldInterface,
  WorldItem,
} from "./src/compile/world.ts";
export {
  type ComponentDenial,
  type ComponentOutput,
  ExecutionContext,
  type ExecutionContextOptions,
  type IsolationName,
  type PreparingProgress,
  type WorkerFailure,
} from "./src/context/execution_context.ts";
export { GuestError } from "./src/context/guest_error.ts";
export type { Instance } from "./src/context/instance.ts";
export type { PreparedComponent } from "./src/context/prepared_component.ts";
export {
  CompileError,
  GyreError,
  type GyreErrorOptions,
  IsolationError,
  LoadError,
  ManifestError,
  type ManifestIssue,
  type ManifestLocation,
  PrepareError,
  StartError,
  StateError,
} from "./src/errors.ts";
export type { GuestFailure } from "./src/guest/failure.ts";
export type { GuestBytes, GuestOutput, OutputStreamName } from "./src/guest/output.ts";
export type { CallResult } from "./src/guest/runner.ts";
export type { Simulation } from "./src/guest/simulation.ts";
export type { CallUsage } from "./src/guest/usage.ts";
export type { CallRequest, GuestStdio } from "./src/isolation/isolation.ts";
export {
  createLoader,
  type LoadedSource,
  type Loader,
  type LoaderOptions,
  type LoadRequest,
} from "./src/loader/loader.ts";
export type { FetchLimits } from "./src/loader/url.ts";
export type { AllowedHost, HostPattern } from "./src/policy/allowed_host.ts";
export type {
  AllowedHosts,
  AllowedHostsOptions,
  ConnectionTarget,
} from "./src/policy/allowed_hosts.ts";
export type { AllowedInbound, InboundGrant, ListenTarget } from "./src/policy/allowed_inbound.ts";
export type { Denial } from "./src/policy/denial.ts";
export type { PolicyDescription } from "./src/policy/describe_policy.ts";
export type { IpNetwork } from "./src/policy/ip_network.ts";
export type { Mount, Policy } from "./src/policy/policy.ts";
export {
  type Listener,
  type RunEventMap,
  RunEvents,
  type Skipped,
  type Started,
  type StartedTrigger,
  type Stopped,
  type Stopping,
} from "./src/runtime/events.ts";
export {
  type ComponentInspection,
  inspect,
  type InspectOptions,
  type TriggerInspection,
} from "./src/runtime/inspect.ts";
export { loadApplication, type LoadedApplication, type LoadOptions } from "./src/runtime/load.ts";
export type { RunningApplication, StopOptions } from "./src/runtime/running_application.ts";
export type { TriggerSelection } from "./src/runtime/select_triggers.ts";
export { simulate, type SimulatedRun, type SimulateOptions } from "./src/runtime/simulate.ts";
export { start, type StartOptions } from "./src/runtime/start.ts";
export { upcoming, type UpcomingOptions, type UpcomingTick } from "./src/runtime/upcoming.ts";
export { applicationKey } from "./src/services/ledger/application_key.ts";
export {
  type LedgerKeep,
  type LedgerOptions,
  type RunFilter,
  RunLedger,
} from "./src/services/ledger/run_ledger.ts";
export type {
  PassedTicks,
  Resumption,
  RunLine,
  RunOutcome,
  RunRecord,
  RunResult,
  RunState,
  UnfinishedRun,
} from "./src/services/ledger/run_record.ts";
export { RUN_OUTCOMES } from "./src/services/ledger/run_record.ts";
export type { ManualRun, TriggerRuns } from "./src/services/ledger/trigger_runs.ts";
export {
  type DefinedTrigger,
  type DefinedTriggerHost,
  defineTrigger,
  type NamedEntryPoint,
  type TriggerDefinition,
} from "./src/triggers/define_trigger.ts";
export type {
  BoundTrigger,
  EntryPoint,
  Trigger,
  TriggerEvent,
  TriggerHost,
  TriggerSchedule,
} from "./src/triggers/trigger.ts";
export { boundedSchedule, type ScheduleBounds } from "./src/triggers/schedule/bounded_schedule.ts";
export { type CronOptions, cronSchedule } from "./src/triggers/schedule/cron_schedule.ts";
export {
  type IntervalOptions,
  intervalSchedule,
} from "./src/triggers/schedule/interval_schedule.ts";
export { runSchedules } from "./src/triggers/schedule/run_schedules.ts";
export type { Schedule } from "./src/triggers/schedule/schedule.ts";
export type { ScheduleEntry } from "./src/triggers/schedule/schedule_entry.ts";
export type {
  MissedPolicy,
  OverlapPolicy,
  RetryPolicy,
  TickPolicy,
} from "./src/triggers/schedule/tick_policy.ts";
export type {
  ConfigIssue,
  ConfigResult,
  ConfigSchema,
  OutputOf,
  TriggerSchema,
} from "./src/app/trigger_schema.ts";
export type { Outcome, OutcomeError, OutcomeKind } from "./src/triggers/outcome.ts";
export { VirtualTime, type VirtualTimeOptions } from "./src/virtual_time.ts";
