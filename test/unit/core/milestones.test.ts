import assert from 'node:assert/strict';
import type { EnrolmentState } from '../../../src/core/enrolment';
import { milestonesOf, type Milestone } from '../../../src/core/milestones';
import { serialOf, Setup, type Enrolling } from '../practiceSetup';

describe('what a person has done in a panel', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  /** @returns tells what was noted since, in order */
  const noted = ({ enrolment }: Enrolling, isSecond: boolean): (() => readonly Milestone[]) => {
    const done: Milestone[] = [];
    let before: EnrolmentState = enrolment.state;
    enrolment.onDidChange((state) => {
      done.push(...milestonesOf(before, state, isSecond));
      before = state;
    });
    return () => done;
  };

  it('is nothing while a QR code is only looked at', async () => {
    const person = await setup.enrolling('maya');
    const done = noted(person, false);
    await person.enrolment.start();
    person.enrolment.typed('123', '');
    await person.enrolment.cancel();
    assert.deepEqual(done(), []);
  });

  it('is the app with the first code that is right, and the device when AWS took both', async () => {
    const person = await setup.enrolling('maya');
    const done = noted(person, false);
    await person.enrolment.start();
    const [first, second] = await person.codes();
    person.enrolment.typed(first, '');
    assert.deepEqual(done(), ['scanned']);
    person.enrolment.typed(first, second);
    await person.enrolment.submit();
    assert.deepEqual([...new Set(done())], ['scanned', 'enabled']);
  });

  it('is a code that AWS took, and not one that it refused', async () => {
    const person = await setup.enrolling('priya', { caller: setup.own('priya') });
    const done = noted(person, true);
    await person.enrolment.start();
    await person.enrolment.prove(serialOf('priya'), await setup.codeOf(serialOf('priya'), 20));
    assert.deepEqual(done(), []);
    await person.enrolment.prove(serialOf('priya'), await setup.codeOf(serialOf('priya')));
    assert.deepEqual(done(), ['usedCode']);
    await person.typeAndSubmit();
    assert.equal(done().at(-1), 'addedSecond');
  });
});
