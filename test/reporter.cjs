// Mocha's own "spec" output, and at the end the two numbers for whoever adds up several runs.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const file = process.env['TEST_COUNTS_FILE'];
      if (file) {
        const { passes, failures, pending } = runner.stats;
        writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, pending }));
      }
    });
  }
};
