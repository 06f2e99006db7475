import type { Job } from '#server/store/port.ts'

/** What a handler may know of the run it is in. */
export interface JobRun {
  /** No further attempt follows this one: what cannot be done now is told to people now. */
  last: boolean
  /** Fires when the lease ends, since somebody else may then be doing the same. */
  signal: AbortSignal
}

/**
 * Does one job. It may be run again after any of its steps: a process can die anywhere, and then somebody else starts
 * over. Returning means done; `PermanentFailure` means never; any other error means later.
 */
export type JobHandler = (job: Job, run: JobRun) => Promise<void>

/** Trying again would fail again. The job becomes a dead letter. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure'
}
