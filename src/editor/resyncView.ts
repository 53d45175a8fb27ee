import { l10n } from 'vscode';
import { deviceName } from '../core/device';
import type { Resync, ResyncSetback } from '../core/resync';
import { canBeSent } from '../core/twoCodes';
import type { Notice, View } from '../protocol/enrolment';
import { changeWords } from './changeWords';
import { codesNotice, fieldState } from './codesWords';
import { failedView } from './failedView';
import { deviceCard, phone, type PanelFacts } from './panelFacts';
import { signInNotice } from './signInWords';

/** What the page shows of a resync. */
export function resyncView(resync: Resync, facts: PanelFacts): View {
  const { state, device, userName } = resync;
  switch (state.kind) {
    case 'ready': {
      const { setback } = state;
      const submit = l10n.t('Resync');
      const notice = state.sending
        ? undefined
        : setback && setback.kind !== 'signIn'
          ? setbackNotice(setback)
          : codesNotice(state.verdict, facts.code1, facts.code2);
      return {
        kind: 'codes',
        enrolment: 1,
        code1: facts.code1,
        code2: facts.code2,
        codesRevision: facts.codesRevision,
        field1: fieldState(1, facts.code1, state.verdict),
        field2: fieldState(2, facts.code2, state.verdict),
        ...(notice && { notice }),
        ...(setback?.kind === 'signIn' && { signIn: signInNotice(setback.problem, submit) }),
        canSubmit: canBeSent(state.verdict),
        busy: state.sending,
        now: resync.now(),
        ...phone({ kind: 'resync', resync }, facts),
        others: [],
        first: {
          kind: 'device',
          title: l10n.t('Have this device ready'),
          text: l10n.t(
            'If the device’s clock has drifted, AWS refuses its codes at sign-in. Two codes in a row tell AWS how far the clock is off. Nothing else changes.',
          ),
          device: deviceCard(device),
        },
        codesText: l10n.t('Type the code you see, wait for it to change, then type the next one.'),
        submit,
        submitting: l10n.t('Asking AWS…'),
        cancelNote: '',
      };
    }
    case 'done':
      return {
        kind: 'done',
        title: l10n.t('{0} is in step again', deviceName(device.serial)),
        text: l10n.t('AWS now knows how far the device’s clock is off. The next code works at sign-in.'),
        confirmed: true,
        device: deviceCard(device),
        next: [
          {
            icon: 'info',
            text: l10n.t('Set the phone to network time, so that it does not drift again. A token drifts by itself.'),
          },
        ],
      };
    case 'failed':
      return failedView({
        title: l10n.t('{0} was not resynced for {1}', deviceName(device.serial), userName),
        problem: state.problem,
        remains: l10n.t('Nothing was changed in AWS.'),
        canRetry: false,
      });
    case 'cancelled':
      return { kind: 'working', text: l10n.t('Cancelled.') };
  }
}

function setbackNotice({ kind, problem }: Exclude<ResyncSetback, { kind: 'signIn' }>): Notice {
  const { what, todo } = changeWords(problem);
  return kind === 'refused'
    ? { tone: 'error', text: what, detail: todo }
    : {
        tone: 'warning',
        text: l10n.t('{0} Whether the device is in step now cannot be asked of AWS.', what),
        detail: l10n.t('Try to sign in with its next code; if that is refused, type two new codes here.'),
      };
}
