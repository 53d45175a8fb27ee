import assert from 'node:assert/strict';
import { actions, Stage, states } from './matrixStage';
import { tables, type Row } from './matrixTable';

describe('every device in every state, and everything that can be done to it', () => {
  for (const { title, who, action, rows } of tables) {
    describe(title, () => {
      for (const row of rows) {
        it(`${row.state}${row.meanwhile === 'nothing' ? '' : `; ${row.meanwhile}`}: ${row.told}`, async () => {
          const stage = await Stage.open(row.state, who);
          try {
            stage.meanwhile(row.meanwhile);
            const told = await stage.run(action);
            await check(stage, row, told);
          } finally {
            await stage.close();
          }
        });
      }
    });
  }

  it('leaves no pair out', () => {
    // Ways of doing what others do too: they differ in few states.
    const variants: readonly string[] = [
      'delete the leftover in the way and add an app',
      'add an app of its name',
      'take its label away',
    ];
    for (const action of Object.keys(actions).filter((name) => !variants.includes(name))) {
      const rows = tables
        .filter((table) => table.who === 'keeper' && table.action === action)
        .flatMap(({ rows }) => rows);
      const there = new Set<string>(rows.filter(({ meanwhile }) => meanwhile === 'nothing').map(({ state }) => state));
      const missing = Object.keys(states).filter((state) => !there.has(state));
      assert.deepEqual(missing, [], action);
    }
  });
});

async function check(stage: Stage, row: Row, told: string): Promise<void> {
  const { but } = row;
  // One comparison, so that a failure shows all that is wrong.
  assert.deepEqual(
    {
      told,
      sent: stage.sent(),
      riley: stage.holds('riley'),
      nobody: stage.holds('nobody'),
      casey: stage.holds('casey'),
      rileyShown: stage.shown(),
      leftoversShown: stage.leftovers(),
      remembered: stage.remembered(),
      held: await stage.held(),
    },
    {
      told: row.told,
      sent: row.sent,
      riley: row.riley,
      nobody: row.nobody,
      casey: caseys(row),
      rileyShown: but['riley shown'] ?? (row.riley === '-' ? 'none' : row.riley),
      leftoversShown: but['leftovers shown'] ?? (await stage.toBeLeftovers()),
      remembered: but.remembered ?? stage.toBeRemembered(),
      // Only what is on screen is held against others.
      held: /(ready: |proving$)/.test(told) && row.nobody === 'new' ? 'new' : '-',
    },
  );
  assert.deepEqual(stage.repeated(), [], 'no write that worked was sent again');
  assert.ok(stage.byName || !stage.lostTheLast(), 'the last device went without riley’s name');
}

/** Casey has what was casey’s, and what somebody gave casey. */
function caseys({ state, meanwhile }: Row): string {
  if (state === 'an app of somebody else') {
    return 'app';
  }
  if (meanwhile.includes('casey')) {
    return meanwhile.includes('the token is casey') ? 'spare' : state === 'the only token' ? 'token' : 'app';
  }
  return '-';
}
