import fc from 'fast-check';

/**
 * The seed of every property test: fixed, so a build says the same thing twice. `LIFEGUARD_SEED=random` tries nights nobody has
 * tried yet, and a number tries those of that number again.
 */
const wanted = process.env['LIFEGUARD_SEED'] ?? '20130711';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
