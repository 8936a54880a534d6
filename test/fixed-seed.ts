import fc from 'fast-check';

// Property tests try the same values in every run, so that a change never fails for what it did not touch.
// FC_SEED=$RANDOM looks for new ones.
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20261126) });
