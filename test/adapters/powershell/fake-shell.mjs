// Speaks the stdin and stdout of `powershell -Command -` and understands nothing: what it prints is chosen by FAKE_MODE,
// never by the line it is given. FAKE_SAYS is the frame's content.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const mode = process.env['FAKE_MODE'] ?? 'answer';
const says = process.env['FAKE_SAYS'] ?? '{"values":["yes"],"warnings":[],"verbose":[],"errors":[]}';
const frame = `<<lifeguard ${Buffer.from(says, 'utf8').toString('base64')}>>`;
const print = (text, stream = 1) => {
  writeSync(stream, text);
};
if (mode === 'crash at once') process.exit(3);

/** What the mode prints for one line. */
const MODES = {
  answer: () => print(`${frame}\n`),
  'answer ended by CRLF': () => print(`WARNING: loud\r\n${frame}\r\n`),
  'answer among noise on stderr': () => {
    print('a native tool says so\n', 2);
    print(`${frame}\n`);
  },
  'half a line': () => print(`${frame.slice(0, -9)}\n`),
  'half a line, then nothing': () => {
    print(frame.slice(0, -9));
    return 'hang';
  },
  silence: () => 'hang',
  garbage: () => print('Ready\n'),
  'two answers': () => print(`${frame}\n${frame}\n`),
  flood: () => {
    const line = `${'x'.repeat(99)}\n`.repeat(100);
    for (let printed = 0; printed < 3_000_000; printed += line.length) print(line);
    return 'hang';
  },
  'death in the middle': () => {
    print(frame.slice(0, 20));
    process.exit(3);
  },
  'exit 0': () => process.exit(0),
  'the environment': () => {
    const names = Object.keys(process.env).toSorted();
    const said = JSON.stringify({ values: [names], warnings: [], verbose: [], errors: [] });
    print(`<<lifeguard ${Buffer.from(said, 'utf8').toString('base64')}>>\n`);
  },
};

let hung = false;
const answerLine = (line) => {
  if (hung) return;
  const [, stream, delimiter] = /^\[Console\]::(Out|Error)\.Write\("(\w+)`n"\)$/.exec(line) ?? [];
  if (delimiter !== undefined) {
    print(`${delimiter}\n`, stream === 'Out' ? 1 : 2);
    return;
  }
  print(`pid ${process.pid}\n`);
  hung = (mode in MODES ? MODES[mode]() : MODES.answer()) === 'hang';
};
const listen = () => createInterface({ input: process.stdin }).on('line', answerLine);
if (mode === 'slow start') setTimeout(listen, 300);
else listen();
