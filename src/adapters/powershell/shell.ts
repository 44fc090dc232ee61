import { PowerShell } from 'node-powershell';
import { type Framed, unframe } from './frame.ts';

/** How one PowerShell is started. */
export interface ShellStart {
  /** `powershell.exe`, or the path of any PowerShell from 3.0 on. */
  readonly executable: string;
  /** The folder of `run.ps1`. Its path is the working directory and part of no command, so it may hold any character. */
  readonly scripts: string;
  /** All that the process may know of our environment: see `minimalEnvironment`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** `lost`: the process is gone or was ended, and what the call did is unknown. `raw` is what was printed, capped. */
export type ShellAnswer =
  | (Exclude<Framed, { kind: 'none' }> & { readonly raw: string })
  | { readonly kind: 'lost'; readonly because: string; readonly timedOut: boolean; readonly raw: string };

/** More than any cmdlet of ours prints, and little enough that nobody runs out of memory, in bytes. */
export const OUTPUT_MAX = 2_000_000;
/** How much of what was printed is kept for the person who has to read it, in characters. */
export const RAW_KEPT = 16_000;

/**
 * Variables that Windows, .NET and the Cs cmdlets look at. Tokens and everything else of ours stay here; so does
 * `PSModulePath`, which PowerShell makes itself and which is wrong when another version of PowerShell started us.
 */
const INHERITED = [
  ...['PATH', 'SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP', 'OS', 'HOME', 'USERPROFILE'],
  ...['APPDATA', 'LOCALAPPDATA', 'ProgramData', 'ALLUSERSPROFILE', 'ProgramFiles', 'ProgramFiles(x86)', 'ProgramW6432'],
  ...['CommonProgramFiles', 'CommonProgramFiles(x86)', 'CommonProgramW6432', 'COMPUTERNAME', 'USERNAME', 'USERDOMAIN'],
  ...['USERDNSDOMAIN', 'LOGONSERVER', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'LANG'],
] as const;

/** The part of our environment that a PowerShell gets, with colours and telemetry off, and `extra` on top. */
export function minimalEnvironment(
  ours: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const kept = INHERITED.flatMap((name): [string, string][] => (ours[name] === undefined ? [] : [[name, ours[name]]]));
  return { ...Object.fromEntries(kept), TERM: 'dumb', NO_COLOR: '1', POWERSHELL_TELEMETRY_OPTOUT: '1', ...extra };
}

/** node-powershell, without what it takes from the environment and without the line ends that it cannot read back. */
class Process extends PowerShell {
  /** The named executable and no other: not `NODE_POWERSHELL`, and not `pwsh` for `pwsh-preview`. */
  protected override setExecutable({ executable }: { executable?: string }): string {
    return executable ?? '';
  }
  /** Ended by LF on every system: two delimiters in one chunk that end in CRLF are never found, and the call would hang. */
  protected override writeToOutput(delimiter: string): string {
    return `[Console]::Out.Write("${delimiter}\`n")`;
  }
  protected override writeToError(delimiter: string): string {
    return `[Console]::Error.Write("${delimiter}\`n")`;
  }
}

const noMatter = (): void => {};

/**
 * One PowerShell process. It is started by its first call, takes one call at a time, and is dead after the first one
 * that was not answered: what is left of such a process belongs to nobody.
 */
export class Shell {
  readonly #start: ShellStart;
  #process: Process | null = null;
  #state: 'fresh' | 'idle' | 'busy' | 'dead' = 'fresh';

  constructor(start: ShellStart) {
    this.#start = start;
  }

  get dead(): boolean {
    return this.#state === 'dead';
  }

  /** Sends one line and waits for its frame, at most `timeOut` ms. Never throws. */
  async ask(line: string, timeOut: number): Promise<ShellAnswer> {
    if (this.#state === 'dead' || this.#state === 'busy') {
      return { kind: 'lost', because: `this PowerShell is ${this.#state}`, timedOut: false, raw: '' };
    }
    const end = Promise.withResolvers<{ because: string; timedOut: boolean }>();
    const timer = setTimeout(() => end.resolve({ because: `no answer within ${timeOut / 1_000} s`, timedOut: true }), timeOut);
    let heard = { raw: () => '', stop: noMatter };
    try {
      const opened = this.#process ?? this.#open();
      heard = listen(opened, () => end.resolve({ because: `more than ${OUTPUT_MAX} bytes were printed`, timedOut: false }));
      this.#state = 'busy';
      const answer = await Promise.race([opened.invoke(line), end.promise]);
      if ('because' in answer) return this.#lose(answer.because, answer.timedOut, heard.raw());
      // It would keep every answer it ever gave.
      opened.history.length = 0;
      const framed = unframe(answer.stdout?.toString('utf8') ?? '');
      if (framed.kind === 'none') return this.#lose(framed.because, false, heard.raw());
      this.#state = this.dead ? 'dead' : 'idle';
      return { ...framed, raw: heard.raw() };
    } catch (error) {
      return this.#lose(`PowerShell ended: ${wordsOf(error)}`, false, heard.raw());
    } finally {
      clearTimeout(timer);
      heard.stop();
    }
  }

  /** Ends the process at once, whatever it is doing, and returns when it is gone. */
  async end(): Promise<void> {
    this.#state = 'dead';
    // It rejects because the process was killed, which is what was wanted.
    await this.#process?.dispose('SIGKILL').catch(noMatter);
  }

  #lose(because: string, timedOut: boolean, raw: string): ShellAnswer {
    void this.end();
    return { kind: 'lost', because, timedOut, raw };
  }

  /** Only called by a call that invokes in the same turn: a process that cannot start would otherwise end ours. */
  #open(): Process {
    const { executable, scripts, environment } = this.#start;
    const policy = process.platform === 'win32' ? { '-ExecutionPolicy': 'RemoteSigned' } : {};
    const opened = new Process({
      executable,
      executableOptions: { '-NoProfile': true, '-NonInteractive': true, ...policy },
      spawnOptions: { cwd: scripts, env: { ...environment }, windowsHide: true },
      inputEncoding: 'utf8',
      outputEncoding: 'utf8',
      // Whether a call failed is said in its frame; noise on stderr says nothing.
      throwOnInvocationError: false,
    });
    opened.streams.stdin.on('error', noMatter);
    opened.streams.stdout.once('close', () => {
      this.#state = 'dead';
    });
    this.#process = opened;
    return opened;
  }
}

/** Keeps the first of what is printed during one call, and says when it is too much. */
function listen({ streams }: Process, tooMuch: () => void): { raw: () => string; stop: () => void } {
  let raw = '';
  let printed = 0;
  const hear = (chunk: Buffer | string): void => {
    printed += chunk.length;
    if (raw.length < RAW_KEPT) raw = (raw + chunk).slice(0, RAW_KEPT);
    if (printed > OUTPUT_MAX) tooMuch();
  };
  for (const stream of [streams.stdout, streams.stderr]) stream.on('data', hear);
  return {
    raw: () => raw,
    stop: () => {
      for (const stream of [streams.stdout, streams.stderr]) stream.off('data', hear);
    },
  };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 2_000);
