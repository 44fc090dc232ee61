import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { z } from 'zod/v4';
import { commandLine, type Entry } from '../../src/adapters/powershell/catalogue.ts';
import { SCRIPTS } from '../../src/adapters/powershell/script-folder.ts';
import { minimalEnvironment, Shell, type ShellAnswer } from '../../src/adapters/powershell/shell.ts';
import { powershell } from './find.ts';

/** A copy of the real scripts and an empty ProgramData, below a folder whose name a shell could trip over. */
export interface Bench {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Asks with the values as they are: nothing of the catalogue is between them and PowerShell. */
  ask(script: Entry<unknown>['script'], values: unknown): Promise<ShellAnswer>;
  /** Stands in for a script of the same name. */
  replace(script: string, text: string): void;
  /** Puts a module named Lync where run.ps1 finds it, before anything is asked: whatever the cmdlets of a server are to be. */
  module(text: string): void;
}

export function bench(context: TestContext): Bench {
  const folder = mkdtempSync(join(tmpdir(), "lifeguard it's $(a) `bench` "));
  const [scripts, modules] = [join(folder, 'scripts'), join(folder, 'modules')];
  cpSync(SCRIPTS, scripts, { recursive: true });
  const environment = minimalEnvironment(process.env, { ProgramData: join(folder, 'data'), PSModulePath: modules });
  const start = { executable: powershell, scripts, environment };
  let shell = new Shell(start);
  context.after(async () => {
    await shell.end();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    environment,
    replace: (script, text) => writeFileSync(join(scripts, script), text),
    module: (text) => {
      mkdirSync(join(modules, 'Lync'), { recursive: true });
      writeFileSync(join(modules, 'Lync', 'Lync.psm1'), text);
    },
    ask: async (script, values) => {
      const line = commandLine<unknown>({ script, values: z.unknown() }, values);
      if (line.kind === 'refused') throw new Error(line.because);
      if (shell.dead) shell = new Shell(start);
      return shell.ask(line.text, 60_000);
    },
  };
}
