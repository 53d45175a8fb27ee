import Mocha from 'mocha';
import Reporter from '../reporter.cjs';

/** What the editor calls inside its extension host. */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    forbidOnly: true,
    forbidPending: true,
    reporter: Reporter,
  });
  // Tests register themselves when their file is loaded, which must be after mocha has set the stage.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./extension.test');
  await import('./deviceCommands.test');
  await import('./words.test');
  await import('./finding.test');
  await import('./moreUsers.test');
  await import('./copiedUsers.test');
  await import('./chatTools.test');
  await import('./subjects.test');
  await import('./rowCommands.test');
  await import('./statusBar.test');
  await import('./codePrompt.test');
  await import('./drawnRows.test');
  await import('./unfinishedFiles.test');
  await import('./keepUp.test');
  await import('./resetInstructions.test');
  await import('./practiceAccount.test');
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) {
    throw new Error(`${failures} tests failed`);
  }
}
