import { states, type ActionName, type StateName, type Who } from './matrixStage';

/** One case: what happens, and what must be true afterwards. */
export interface Row {
  readonly state: StateName;
  readonly meanwhile: string;
  /** What the person is told in the end, after what was asked on the way. */
  readonly told: string;
  /** The writes sent, each of them; `!` had no effect (refused, or lost on the way), `?` worked without an answer. */
  readonly sent: string;
  readonly riley: string;
  readonly nobody: string;
  /** Where the tree shows riley or the leftovers otherwise than they are, or something else is remembered. */
  readonly but: Readonly<Partial<Record<'riley shown' | 'leftovers shown' | 'remembered', string>>>;
}

export interface Table {
  readonly title: string;
  readonly who: Who;
  readonly action: ActionName;
  readonly rows: readonly Row[];
}

/**
 * The columns: state | meanwhile | told | sent | riley has | nobody has | but.
 *
 * The words for devices: `app` and `app2` (virtual), `token`, `passkey`, `sms`, `extra×7` (virtual, those that make eight),
 * `spare` (a token nobody has), `new` (made here), `given` (made by somebody else); in brackets what is not there any more.
 */
const table = (title: string, who: Who, action: ActionName, text: string): Table => ({
  title,
  who,
  action,
  rows: text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(row),
});

function row(line: string): Row {
  const [state = '', meanwhile = '', told = '', sent = '', riley = '', nobody = '', but = ''] = line
    .split('|')
    .map((cell) => cell.trim());
  if (!isState(state) || nobody === '') {
    throw new RangeError(`This is no row of the table: ${line}`);
  }
  const exceptions = but.split('; ').filter((part) => part !== '');
  return {
    state,
    meanwhile,
    told,
    // 7×(Deactivate Delete)
    sent: sent.replace(/(\d)×\(([^)]*)\)/g, (_, times: string, calls: string) =>
      Array.from({ length: Number(times) }, () => calls).join(' '),
    ),
    riley,
    nobody,
    but: Object.fromEntries(exceptions.map((part) => part.split(': ') as [string, string])),
  };
}

const isState = (text: string): text is StateName => Object.hasOwn(states, text);

export const tables: readonly Table[] = [
  table(
    'somebody adds an app for riley, who has',
    'keeper',
    'add an app',
    `
    no device                    | nothing                                 | done                      | Create Enable          | new                | -
    the only app                 | nothing                                 | done                      | Create Enable          | app new            | -
    an app of two                | nothing                                 | done                      | Create Enable          | app app2 new       | -
    the only token               | nothing                                 | done                      | Create Enable          | token new          | -
    a token of two               | nothing                                 | done                      | Create Enable          | app token new      | -
    the only passkey             | nothing                                 | done                      | Create Enable          | passkey new        | -
    only text messages           | nothing                                 | done                      | Create Enable          | sms new            | -
    a passkey of two             | nothing                                 | done                      | Create Enable          | app passkey new    | -
    text messages of two         | nothing                                 | done                      | Create Enable          | app sms new        | -
    an app of eight              | nothing                                 | failed: limitExceeded     | -                      | app extra×7        | -
    a token of eight             | nothing                                 | failed: limitExceeded     | -                      | token extra×7      | -
    a leftover                   | nothing                                 | naming: leftover          | -                      | -                  | app
    one being enrolled elsewhere | nothing                                 | done                      | Create Enable          | new                | app
    an app of somebody else      | nothing                                 | done                      | Create Enable          | new                | -
    no device                    | the answer to Create is lost            | failed: answerLost        | Create? Delete         | -                  | -
    no device                    | Create never arrives                    | failed: answerLost        | Create! Delete!        | -                  | -
    no device                    | Create is refused                       | failed: accessDenied      | Create!                | -                  | -
    no device                    | Create is throttled                     | failed: throttled         | Create!                | -                  | -
    no device                    | Create finds the sign-in run out        | failed: expiredCredentials | Create!                | -                  | -
    no device                    | Create meets a 503 page                 | failed: notAws            | Create! Delete!        | -                  | -
    no device                    | Create meets a log-in page              | failed: notAws            | Create! Delete!        | -                  | -
    no device                    | Create meets a fault of AWS             | failed: serviceFault      | Create! Delete!        | -                  | -
    the only app                 | Create is refused                       | failed: accessDenied      | Create!                | app                | -
    no device                    | its name is taken                       | done                      | Create! Create Enable  | new                | given | leftovers shown: -
    no device                    | the answer to Enable is lost            | done                      | Create Enable?         | new                | -
    no device                    | Enable never arrives                    | ready: notEnabled         | Create Enable!         | -                  | new
    no device                    | Enable is refused                       | failed: accessDenied      | Create Enable! Delete  | -                  | -
    no device                    | Enable is throttled                     | ready: refused            | Create Enable!         | -                  | new
    no device                    | Enable finds the sign-in run out        | ready: signIn             | Create Enable!         | -                  | new
    no device                    | Enable meets a 503 page                 | ready: notEnabled         | Create Enable!         | -                  | new
    no device                    | Enable meets a log-in page              | ready: notEnabled         | Create Enable!         | -                  | new
    no device                    | Enable meets a fault of AWS             | ready: notEnabled         | Create Enable!         | -                  | new
    no device                    | the new one is deleted                  | failed: notFound          | Create Enable! Delete! | -                  | -
    an app of two                | riley is given another                  | done                      | Create Enable          | app app2 given new | -
    no device                    | the lists lag 5 s behind Enable         | done                      | Create Enable          | new                | -
    no device                    | the person gives up                     | cancelled                 | Create Delete          | -                  | -
    no device                    | the person gives up during Create       | cancelled                 | Create Delete          | -                  | -
    no device                    | the person gives up during Enable       | done                      | Create Enable          | new                | -
    no device                    | the person gives up and the answer to Delete is lost | cancelled                 | Create Delete?         | -                  | -
    no device                    | the person gives up and Delete never arrives | cancelled, remains device | Create Delete!         | -                  | new
    no device                    | the person gives up and Delete is refused | cancelled, remains device | Create Delete!         | -                  | new
    no device                    | the person gives up and Delete is throttled | cancelled, remains device | Create Delete!         | -                  | new
    no device                    | the person gives up and Delete finds the sign-in run out | cancelled, remains device | Create Delete!         | -                  | new
    no device                    | the person gives up and Delete meets a 503 page | cancelled, remains device | Create Delete!         | -                  | new
    no device                    | the process ends before Create          | ended; swept: removed     | -                      | -                  | -
    no device                    | the process ends after Create           | ended; swept: removed     | Create                 | -                  | -
    no device                    | the process ends after Enable           | ended; swept: inUse       | Create Enable          | new                | -
    no device                    | the person gives up and the process ends after Delete | ended; swept: removed     | Create Delete          | -                  | -
    no device                    | ListVirtualMFADevices may not be called | done                      | Create Enable          | new                | -
    the only app                 | ListVirtualMFADevices may not be called | done                      | Create! Create Enable  | app new            | -
    a leftover                   | ListVirtualMFADevices may not be called | done                      | Create! Create Enable  | new                | app
    one being enrolled elsewhere | ListVirtualMFADevices may not be called | done                      | Create! Create Enable  | new                | app
    no device                    | ListMFADevices may not be called        | done, unconfirmed         | Create Enable          | new                | -     | riley shown: unknown
    no device                    | ListMFADevices may not be called and the answer to Enable is lost | done, unconfirmed         | Create Enable? Delete! | new                | -     | riley shown: unknown
    no device                    | ListMFADevices may not be called and Enable never arrives | failed: answerLost        | Create Enable! Delete  | -                  | -     | riley shown: unknown
    `,
  ),
  table(
    'somebody adds an app for riley, and has the leftover of that name deleted, where there is',
    'keeper',
    'delete the leftover in the way and add an app',
    `
    no device                    | nothing                       | done                         | Create Enable         | new | -
    a leftover                   | nothing                       | asked, done                  | Delete Create Enable  | new | -
    a leftover                   | the answer to Delete is lost  | asked, done                  | Delete? Create Enable | new | -
    a leftover                   | Delete never arrives          | asked, naming: leftover      | Delete!               | -   | app
    a leftover                   | Delete is refused             | asked, naming: leftover      | Delete!               | -   | app
    a leftover                   | Delete is throttled           | asked, naming: leftover      | Delete!               | -   | app
    a leftover                   | Delete finds the sign-in run out | asked, naming: leftover      | Delete!               | -   | app
    a leftover                   | Delete meets a 503 page       | asked, naming: leftover      | Delete!               | -   | app
    a leftover                   | it is removed                 | asked, done                  | Delete! Create Enable | new | -
    a leftover                   | it is given to casey          | asked, done                  | Delete! Create Enable | new | -
    a leftover                   | another window begins with it | asked, done                  | Create Enable         | new | app
    a leftover                   | the process ends after Delete | asked, ended; swept: nothing | Delete                | -   | -
    one being enrolled elsewhere | nothing                       | done                         | Create Enable         | new | app
    `,
  ),
  table(
    'somebody adds an app for riley, and names it like',
    'keeper',
    'add an app of its name',
    `
    the only app                 | nothing                                 | done | Create Delete Create Enable  | app new | -
    one being enrolled elsewhere | nothing                                 | done | Create Delete Create Enable  | new     | app
    one being enrolled elsewhere | ListVirtualMFADevices may not be called | done | Create! Create Delete Create! Create Enable | new     | app
    the only app                 | the answer to Delete is lost            | done | Create Delete? Create Enable | app new | -
    the only app                 | Delete never arrives                    | done | Create Delete! Enable        | app new | -
    the only app                 | Delete is refused                       | done | Create Delete! Enable        | app new | -
    `,
  ),
  table(
    'somebody adds a token for riley, who has',
    'keeper',
    'add a token',
    `
    no device                    | nothing                           | done                   | Enable  | spare             | -
    the only app                 | nothing                           | done                   | Enable  | app spare         | -
    an app of two                | nothing                           | done                   | Enable  | app app2 spare    | -
    the only token               | nothing                           | done                   | Enable  | token spare       | -
    a token of two               | nothing                           | done                   | Enable  | app token spare   | -
    the only passkey             | nothing                           | done                   | Enable  | passkey spare     | -
    only text messages           | nothing                           | done                   | Enable  | sms spare         | -
    a passkey of two             | nothing                           | done                   | Enable  | app passkey spare | -
    text messages of two         | nothing                           | done                   | Enable  | app sms spare     | -
    an app of eight              | nothing                           | failed: limitExceeded  | -       | app extra×7       | -
    a token of eight             | nothing                           | failed: limitExceeded  | -       | token extra×7     | -
    a leftover                   | nothing                           | done                   | Enable  | spare             | app
    one being enrolled elsewhere | nothing                           | done                   | Enable  | spare             | app
    an app of somebody else      | nothing                           | done                   | Enable  | spare             | -
    the only app                 | the answer to Enable is lost      | done                   | Enable? | app spare         | -
    the only app                 | Enable never arrives              | token: notEnabled      | Enable! | app               | -
    the only app                 | Enable is refused                 | failed: accessDenied   | Enable! | app               | -
    the only app                 | Enable is throttled               | token: refused         | Enable! | app               | -
    the only app                 | Enable finds the sign-in run out  | token: signIn          | Enable! | app               | -
    the only app                 | Enable meets a 503 page           | token: notEnabled      | Enable! | app               | -
    the only app                 | Enable meets a fault of AWS       | token: notEnabled      | Enable! | app               | -
    the only app                 | the token is riley’s already      | token: alreadyTheirs   | Enable! | app spare         | -
    the only app                 | the token is casey’s already      | token: alreadyAnothers | Enable! | app               | -
    the only app                 | no such token is known            | token: unknownToken    | Enable! | app               | -
    the only app                 | the person gives up               | cancelled              | -       | app               | -
    the only app                 | the person gives up during Enable | done                   | Enable  | app spare         | -
    the only app                 | the process ends after Enable     | ended; swept: nothing  | Enable  | app spare         | -
    the only app                 | ListMFADevices may not be called  | done, unconfirmed      | Enable  | app spare         | - | riley shown: unknown
    the only app                 | ListMFADevices may not be called and the answer to Enable is lost | failed: answerLost, remains unknown | Enable? | app spare         | - | riley shown: unknown
    `,
  ),
  table(
    'somebody replaces riley’s device by an app: it is',
    'keeper',
    'replace it by an app',
    `
    no device                    | nothing                                 | done, old gone                 | Create Enable                    | new           | -
    the only app                 | nothing                                 | done, old removed              | Create Enable Deactivate Delete  | new           | -
    an app of two                | nothing                                 | done, old removed              | Create Enable Deactivate Delete  | app2 new      | -
    the only token               | nothing                                 | done, old removed              | Create Enable Deactivate         | new           | -
    a token of two               | nothing                                 | done, old removed              | Create Enable Deactivate         | app new       | -
    the only passkey             | nothing                                 | done, old removed              | Create Enable Deactivate         | new           | -
    only text messages           | nothing                                 | done, old removed              | Create Enable Deactivate         | new           | -
    a passkey of two             | nothing                                 | done, old removed              | Create Enable Deactivate         | app new       | -
    text messages of two         | nothing                                 | done, old removed              | Create Enable Deactivate         | app new       | -
    an app of eight              | nothing                                 | full, done, old removed        | Deactivate Delete Create Enable  | extra×7 new   | -
    a token of eight             | nothing                                 | full, done, old removed        | Deactivate Create Enable         | extra×7 new   | -
    a leftover                   | nothing                                 | naming: leftover               | -                                | -             | app
    one being enrolled elsewhere | nothing                                 | done, old gone                 | Create Enable                    | new           | app
    an app of somebody else      | nothing                                 | done, old gone                 | Create Enable                    | new           | -
    the only app                 | the answer to Create is lost            | failed: answerLost             | Create? Delete                   | app           | -
    the only app                 | Create never arrives                    | failed: answerLost             | Create! Delete!                  | app           | -
    the only app                 | Create is refused                       | failed: accessDenied           | Create!                          | app           | -
    the only app                 | Create is throttled                     | failed: throttled              | Create!                          | app           | -
    the only app                 | Create finds the sign-in run out        | failed: expiredCredentials     | Create!                          | app           | -
    the only app                 | Create meets a 503 page                 | failed: notAws                 | Create! Delete!                  | app           | -
    the only app                 | the answer to Enable is lost            | done, old removed              | Create Enable? Deactivate Delete | new           | -
    the only app                 | Enable never arrives                    | ready: notEnabled              | Create Enable!                   | app           | new
    the only app                 | Enable is refused                       | failed: accessDenied           | Create Enable! Delete            | app           | -
    the only app                 | Enable is throttled                     | ready: refused                 | Create Enable!                   | app           | new
    the only app                 | Enable finds the sign-in run out        | ready: signIn                  | Create Enable!                   | app           | new
    the only app                 | Enable meets a 503 page                 | ready: notEnabled              | Create Enable!                   | app           | new
    the only app                 | the answer to Deactivate is lost        | done, old removed              | Create Enable Deactivate? Delete | new           | -
    the only app                 | Deactivate never arrives                | done, old kept                 | Create Enable Deactivate!        | app new       | - | remembered: app
    the only app                 | Deactivate is refused                   | done, old kept                 | Create Enable Deactivate!        | app new       | -
    the only app                 | Deactivate is throttled                 | done, old kept                 | Create Enable Deactivate!        | app new       | -
    the only app                 | Deactivate finds the sign-in run out    | done, old kept                 | Create Enable Deactivate!        | app new       | -
    the only app                 | Deactivate meets a 503 page             | done, old kept                 | Create Enable Deactivate!        | app new       | - | remembered: app
    the only app                 | Deactivate meets a fault of AWS         | done, old kept                 | Create Enable Deactivate!        | app new       | - | remembered: app
    the only app                 | the answer to Delete is lost            | done, old removed              | Create Enable Deactivate Delete? | new           | -
    the only app                 | Delete never arrives                    | done, old deactivated          | Create Enable Deactivate Delete! | new           | app
    the only app                 | Delete is refused                       | done, old deactivated          | Create Enable Deactivate Delete! | new           | app
    the only app                 | Delete is throttled                     | done, old deactivated          | Create Enable Deactivate Delete! | new           | app
    the only app                 | Delete finds the sign-in run out        | done, old deactivated          | Create Enable Deactivate Delete! | new           | app
    the only app                 | Delete meets a 503 page                 | done, old deactivated          | Create Enable Deactivate Delete! | new           | app
    the only token               | the answer to Deactivate is lost        | done, old removed              | Create Enable Deactivate?        | new           | -
    the only token               | Deactivate never arrives                | done, old kept                 | Create Enable Deactivate!        | token new     | -
    the only token               | Deactivate is refused                   | done, old kept                 | Create Enable Deactivate!        | token new     | -
    the only app                 | it is removed                           | done, old gone                 | Create Enable Deactivate!        | new           | -
    the only app                 | it is deactivated                       | done, old removed              | Create Enable Deactivate! Delete | new           | -
    the only app                 | it is given to casey                    | done, old moved                | Create Enable Deactivate!        | new           | -
    the only app                 | it is removed after Deactivate          | done, old removed              | Create Enable Deactivate Delete! | new           | -
    the only app                 | it is given to casey after Deactivate   | done, old moved                | Create Enable Deactivate Delete! | new           | -
    the only token               | it is removed                           | done, old gone                 | Create Enable Deactivate!        | new           | -
    the only token               | it is given to casey                    | done, old gone                 | Create Enable Deactivate!        | new           | -
    the only app                 | the new one is deleted                  | failed: notFound               | Create Enable! Delete!           | app           | -
    the only app                 | the person gives up                     | cancelled                      | Create Delete                    | app           | -
    the only app                 | the person gives up during Create       | cancelled                      | Create Delete                    | app           | -
    the only app                 | the person gives up during Enable       | done, old waiting              | Create Enable                    | app new       | -
    the only token               | the person gives up during Enable       | done, old waiting              | Create Enable                    | token new     | -
    the only app                 | the process ends after Create           | ended; swept: removed          | Create                           | app           | -
    the only app                 | the process ends after Enable           | ended; swept: inUse            | Create Enable                    | app new       | -
    the only app                 | the process ends before Deactivate      | ended; swept: inUse            | Create Enable                    | app new       | -
    the only app                 | the process ends after Deactivate       | ended; swept: removed          | Create Enable Deactivate         | new           | -
    the only app                 | the process ends after Delete           | ended; swept: removed          | Create Enable Deactivate Delete  | new           | -
    the only token               | the process ends after Deactivate       | ended; swept: nothing          | Create Enable Deactivate         | new           | -
    the only app                 | ListMFADevices may not be called        | done, unconfirmed, old waiting | Create Enable                    | app new       | - | riley shown: unknown
    the only app                 | the lists lag 60 s behind Enable        | done, unconfirmed, old waiting | Create Enable                    | app new       | - | riley shown: app
    the only app                 | ListVirtualMFADevices may not be called | done, old removed              | Create! Create Enable Deactivate Delete | new           | -
    an app of eight              | the answer to Deactivate is lost        | full, done, old removed        | Deactivate? Delete Create Enable | extra×7 new   | -
    an app of eight              | Deactivate never arrives                | full, failed: answerLost       | Deactivate!                      | app extra×7   | - | remembered: app
    an app of eight              | Deactivate is refused                   | full, failed: accessDenied     | Deactivate!                      | app extra×7   | -
    an app of eight              | Deactivate is throttled                 | full, failed: throttled        | Deactivate!                      | app extra×7   | -
    an app of eight              | Deactivate finds the sign-in run out    | full, failed: expiredCredentials | Deactivate!                      | app extra×7   | -
    an app of eight              | Deactivate meets a 503 page             | full, failed: notAws           | Deactivate!                      | app extra×7   | - | remembered: app
    an app of eight              | the answer to Delete is lost            | full, done, old removed        | Deactivate Delete? Create Enable | extra×7 new   | -
    an app of eight              | Delete is refused                       | full, naming: leftover         | Deactivate Delete!               | extra×7       | app
    an app of eight              | Delete never arrives                    | full, naming: leftover         | Deactivate Delete!               | extra×7       | app
    an app of eight              | the answer to Create is lost            | full, failed: answerLost       | Deactivate Delete Create? Delete | extra×7       | -
    an app of eight              | Create is refused                       | full, failed: accessDenied     | Deactivate Delete Create!        | extra×7       | -
    an app of eight              | the answer to Enable is lost            | full, done, old removed        | Deactivate Delete Create Enable? | extra×7 new   | -
    an app of eight              | Enable never arrives                    | full, ready: notEnabled        | Deactivate Delete Create Enable! | extra×7       | new
    an app of eight              | Enable is refused                       | full, failed: accessDenied     | Deactivate Delete Create Enable! Delete | extra×7       | -
    an app of eight              | riley is given another                  | full, failed: limitExceeded    | Deactivate Delete Create Enable! Delete | extra×7 given | -
    an app of eight              | the process ends after Deactivate       | full, ended; swept: removed    | Deactivate                       | extra×7       | -
    an app of eight              | the process ends after Delete           | full, ended; swept: removed    | Deactivate Delete                | extra×7       | -
    an app of eight              | the process ends after Create           | full, ended; swept: removed    | Deactivate Delete Create         | extra×7       | -
    an app of eight              | the process ends after Enable           | full, ended; swept: inUse      | Deactivate Delete Create Enable  | extra×7 new   | -
    `,
  ),
  table(
    'somebody replaces riley’s device by a token: it is',
    'keeper',
    'replace it by a token',
    `
    no device                    | nothing                          | done, old gone             | Enable                    | spare         | -
    the only app                 | nothing                          | done, old removed          | Enable Deactivate Delete  | spare         | -
    an app of two                | nothing                          | done, old removed          | Enable Deactivate Delete  | app2 spare    | -
    the only token               | nothing                          | done, old removed          | Enable Deactivate         | spare         | -
    a token of two               | nothing                          | done, old removed          | Enable Deactivate         | app spare     | -
    the only passkey             | nothing                          | done, old removed          | Enable Deactivate         | spare         | -
    only text messages           | nothing                          | done, old removed          | Enable Deactivate         | spare         | -
    a passkey of two             | nothing                          | done, old removed          | Enable Deactivate         | app spare     | -
    text messages of two         | nothing                          | done, old removed          | Enable Deactivate         | app spare     | -
    an app of eight              | nothing                          | full, done, old removed    | Deactivate Delete Enable  | extra×7 spare | -
    a token of eight             | nothing                          | full, done, old removed    | Deactivate Enable         | extra×7 spare | -
    a leftover                   | nothing                          | done, old gone             | Enable                    | spare         | app
    one being enrolled elsewhere | nothing                          | done, old gone             | Enable                    | spare         | app
    an app of somebody else      | nothing                          | done, old gone             | Enable                    | spare         | -
    the only app                 | the answer to Enable is lost     | done, old removed          | Enable? Deactivate Delete | spare         | -
    the only app                 | Enable never arrives             | token: notEnabled          | Enable!                   | app           | -
    the only app                 | Enable is refused                | failed: accessDenied       | Enable!                   | app           | -
    the only app                 | Enable is throttled              | token: refused             | Enable!                   | app           | -
    the only app                 | Enable finds the sign-in run out | token: signIn              | Enable!                   | app           | -
    the only app                 | the answer to Deactivate is lost | done, old removed          | Enable Deactivate? Delete | spare         | -
    the only app                 | Deactivate is refused            | done, old kept             | Enable Deactivate!        | app spare     | -
    the only app                 | the answer to Delete is lost     | done, old removed          | Enable Deactivate Delete? | spare         | -
    the only app                 | Delete is refused                | done, old deactivated      | Enable Deactivate Delete! | spare         | app
    the only app                 | no such token is known           | token: unknownToken        | Enable!                   | app           | -
    the only app                 | the token is casey’s already     | token: alreadyAnothers     | Enable!                   | app           | -
    the only app                 | it is given to casey             | done, old moved            | Enable Deactivate!        | spare         | -
    the only app                 | the person gives up              | cancelled                  | -                         | app           | -
    a token of eight             | Deactivate is refused            | full, failed: accessDenied | Deactivate!               | token extra×7 | -
    a token of eight             | Enable is refused                | full, failed: accessDenied | Deactivate Enable!        | extra×7       | -
    `,
  ),
  table(
    'somebody resyncs riley’s device: it is',
    'keeper',
    'resync it',
    `
    no device                    | nothing                       | failed: notFound      | Resync! | -             | -
    the only app                 | nothing                       | done                  | Resync  | app           | -
    an app of two                | nothing                       | done                  | Resync  | app app2      | -
    the only token               | nothing                       | done                  | Resync  | token         | -
    a token of two               | nothing                       | done                  | Resync  | app token     | -
    the only passkey             | nothing                       | ready: refused        | Resync! | passkey       | -
    only text messages           | nothing                       | ready: refused        | Resync! | sms           | -
    a passkey of two             | nothing                       | ready: refused        | Resync! | app passkey   | -
    text messages of two         | nothing                       | ready: refused        | Resync! | app sms       | -
    an app of eight              | nothing                       | done                  | Resync  | app extra×7   | -
    a token of eight             | nothing                       | done                  | Resync  | token extra×7 | -
    a leftover                   | nothing                       | failed: notFound      | Resync! | -             | app
    one being enrolled elsewhere | nothing                       | failed: notFound      | Resync! | -             | app
    an app of somebody else      | nothing                       | failed: notFound      | Resync! | -             | -
    the only app                 | the answer to Resync is lost  | ready: notKnown       | Resync? | app           | -
    the only app                 | Resync never arrives          | ready: notKnown       | Resync! | app           | -
    the only app                 | Resync is refused             | failed: accessDenied  | Resync! | app           | -
    the only app                 | Resync is throttled           | ready: refused        | Resync! | app           | -
    the only app                 | Resync finds the sign-in run out | ready: signIn         | Resync! | app           | -
    the only app                 | Resync meets a 503 page       | ready: notKnown       | Resync! | app           | -
    the only app                 | Resync meets a log-in page    | ready: notKnown       | Resync! | app           | -
    the only app                 | Resync meets a fault of AWS   | ready: notKnown       | Resync! | app           | -
    the only token               | the answer to Resync is lost  | ready: notKnown       | Resync? | token         | -
    the only token               | Resync is refused             | failed: accessDenied  | Resync! | token         | -
    the only app                 | it is removed                 | failed: notFound      | Resync! | -             | -
    the only app                 | it is deactivated             | failed: notFound      | Resync! | -             | app | leftovers shown: -
    the only app                 | it is given to casey          | failed: notFound      | Resync! | -             | -
    an app of two                | the other one is removed      | done                  | Resync  | app           | -
    the only app                 | the person gives up           | cancelled             | -       | app           | -
    the only app                 | the process ends after Resync | ended; swept: nothing | Resync  | app           | -
    `,
  ),
  table(
    'somebody removes riley’s device: it is',
    'keeper',
    'remove it',
    `
    no device                    | nothing                                 | gone                  | -                   | -          | -
    the only app                 | nothing                                 | removed               | Deactivate Delete   | -          | -
    an app of two                | nothing                                 | removed               | Deactivate Delete   | app2       | -
    the only token               | nothing                                 | removed               | Deactivate          | -          | -
    a token of two               | nothing                                 | removed               | Deactivate          | app        | -
    the only passkey             | nothing                                 | removed               | Deactivate          | -          | -
    only text messages           | nothing                                 | removed               | Deactivate          | -          | -
    a passkey of two             | nothing                                 | removed               | Deactivate          | app        | -
    text messages of two         | nothing                                 | removed               | Deactivate          | app        | -
    an app of eight              | nothing                                 | removed               | Deactivate Delete   | extra×7    | -
    a token of eight             | nothing                                 | removed               | Deactivate          | extra×7    | -
    a leftover                   | nothing                                 | gone                  | -                   | -          | app
    one being enrolled elsewhere | nothing                                 | gone                  | -                   | -          | app
    an app of somebody else      | nothing                                 | gone                  | -                   | -          | -
    the only app                 | the answer to Deactivate is lost        | removed               | Deactivate? Delete  | -          | -
    the only app                 | Deactivate never arrives                | kept                  | Deactivate!         | app        | - | remembered: app
    the only app                 | Deactivate is refused                   | kept                  | Deactivate!         | app        | -
    the only app                 | Deactivate is throttled                 | kept                  | Deactivate!         | app        | -
    the only app                 | Deactivate meets a 503 page             | kept                  | Deactivate!         | app        | - | remembered: app
    the only app                 | Deactivate meets a log-in page          | kept                  | Deactivate!         | app        | - | remembered: app
    the only app                 | Deactivate meets a fault of AWS         | kept                  | Deactivate!         | app        | - | remembered: app
    the only app                 | the answer to Delete is lost            | removed               | Deactivate Delete?  | -          | -
    the only app                 | Delete never arrives                    | deactivated           | Deactivate Delete!  | -          | app
    the only app                 | Delete is refused                       | deactivated           | Deactivate Delete!  | -          | app
    the only app                 | Delete is throttled                     | deactivated           | Deactivate Delete!  | -          | app
    the only app                 | Delete meets a 503 page                 | deactivated           | Deactivate Delete!  | -          | app
    the only app                 | Delete meets a log-in page              | deactivated           | Deactivate Delete!  | -          | app
    the only app                 | Delete meets a fault of AWS             | deactivated           | Deactivate Delete!  | -          | app
    the only app                 | the answer to Deactivate is lost and the answer to Delete is lost | removed               | Deactivate? Delete? | -          | -
    the only token               | the answer to Deactivate is lost        | removed               | Deactivate?         | -          | -
    the only token               | Deactivate never arrives                | kept                  | Deactivate!         | token      | -
    the only token               | Deactivate is refused                   | kept                  | Deactivate!         | token      | -
    the only token               | Deactivate is throttled                 | kept                  | Deactivate!         | token      | -
    the only token               | Deactivate meets a 503 page             | kept                  | Deactivate!         | token      | -
    the only passkey             | the answer to Deactivate is lost        | removed               | Deactivate?         | -          | -
    the only passkey             | Deactivate never arrives                | kept                  | Deactivate!         | passkey    | -
    the only passkey             | Deactivate is refused                   | kept                  | Deactivate!         | passkey    | -
    text messages of two         | the answer to Deactivate is lost        | removed               | Deactivate?         | app        | -
    text messages of two         | Deactivate is refused                   | kept                  | Deactivate!         | app sms    | -
    the only app                 | it is removed                           | gone                  | Deactivate!         | -          | -
    the only app                 | it is deactivated                       | removed               | Deactivate! Delete  | -          | -
    the only app                 | it is given to casey                    | moved                 | Deactivate!         | -          | -
    the only app                 | it is removed after Deactivate          | removed               | Deactivate Delete!  | -          | -
    the only app                 | it is given to casey after Deactivate   | moved                 | Deactivate Delete!  | -          | -
    the only token               | it is removed                           | gone                  | Deactivate!         | -          | -
    the only token               | it is given to casey                    | gone                  | Deactivate!         | -          | -
    an app of two                | the other one is removed                | asked again, removed  | Deactivate Delete   | -          | -
    an app of two                | it is removed                           | gone                  | Deactivate!         | app2       | -
    an app of two                | riley is given another                  | removed               | Deactivate Delete   | app2 given | -
    the only app                 | riley is given another                  | removed               | Deactivate Delete   | given      | -
    the only app                 | the person gives up                     | cancelled             | -                   | app        | -
    the only app                 | the person gives up during Deactivate   | removed               | Deactivate Delete   | -          | -
    the only app                 | the process ends before Deactivate      | ended; swept: inUse   | -                   | app        | -
    the only app                 | the process ends after Deactivate       | ended; swept: removed | Deactivate          | -          | -
    the only app                 | the process ends after Delete           | ended; swept: removed | Deactivate Delete   | -          | -
    the only token               | the process ends after Deactivate       | ended; swept: nothing | Deactivate          | -          | -
    the only app                 | ListMFADevices may not be called        | failed: accessDenied  | -                   | app        | - | riley shown: unknown
    the only app                 | ListMFADevices may not be called any more | failed: accessDenied  | -                   | app        | - | riley shown: unknown
    the only app                 | ListVirtualMFADevices may not be called | removed               | Deactivate Delete   | -          | -
    the only app                 | ListVirtualMFADevices may not be called and it is removed | unknown               | Deactivate!         | -          | - | remembered: (app)
    the only app                 | ListVirtualMFADevices may not be called and the answer to Delete is lost | deactivated           | Deactivate Delete?  | -          | - | remembered: (app)
    the only app                 | ListUserPolicies may not be called      | removed               | Deactivate Delete   | -          | -
    the only app                 | the lists lag 5 s behind Deactivate     | removed               | Deactivate Delete   | -          | -
    the only app                 | the lists lag 5 s behind Deactivate and the answer to Deactivate is lost | removed               | Deactivate? Delete  | -          | -
    the only app                 | the lists lag 60 s behind Deactivate    | removed               | Deactivate Delete   | -          | - | riley shown: (app)
    the only app                 | the lists lag 60 s behind Deactivate and the answer to Deactivate is lost | kept                  | Deactivate?         | -          | app | riley shown: app; leftovers shown: -; remembered: app
    `,
  ),
  table(
    'somebody resets riley, who has',
    'keeper',
    'remove all',
    `
    no device                    | nothing                                | gone                  | -                                    | -        | -
    the only app                 | nothing                                | removed               | Deactivate Delete                    | -        | -
    an app of two                | nothing                                | removed, removed      | Deactivate Delete Deactivate Delete  | -        | -
    the only token               | nothing                                | removed               | Deactivate                           | -        | -
    a token of two               | nothing                                | removed, removed      | Deactivate Deactivate Delete         | -        | -
    the only passkey             | nothing                                | removed               | Deactivate                           | -        | -
    only text messages           | nothing                                | removed               | Deactivate                           | -        | -
    a passkey of two             | nothing                                | removed, removed      | Deactivate Deactivate Delete         | -        | -
    text messages of two         | nothing                                | removed, removed      | Deactivate Deactivate Delete         | -        | -
    an app of eight              | nothing                                | removed×8             | 8×(Deactivate Delete)                | -        | -
    a token of eight             | nothing                                | removed×8             | Deactivate 7×(Deactivate Delete)     | -        | -
    a leftover                   | nothing                                | gone                  | -                                    | -        | app
    one being enrolled elsewhere | nothing                                | gone                  | -                                    | -        | app
    an app of somebody else      | nothing                                | gone                  | -                                    | -        | -
    an app of two                | the answer to Deactivate is lost       | removed, removed      | Deactivate? Delete Deactivate Delete | -        | -
    an app of two                | Deactivate never arrives               | kept, removed         | Deactivate! Deactivate Delete        | app      | - | remembered: app
    an app of two                | Deactivate is refused                  | kept, removed         | Deactivate! Deactivate Delete        | app      | -
    an app of two                | Deactivate is throttled                | kept, removed         | Deactivate! Deactivate Delete        | app      | -
    an app of two                | Deactivate meets a 503 page            | kept, removed         | Deactivate! Deactivate Delete        | app      | - | remembered: app
    an app of two                | the answer to Delete is lost           | removed, removed      | Deactivate Delete? Deactivate Delete | -        | -
    an app of two                | Delete is refused                      | deactivated, removed  | Deactivate Delete! Deactivate Delete | -        | app
    an app of two                | Delete never arrives                   | deactivated, removed  | Deactivate Delete! Deactivate Delete | -        | app
    an app of two                | the second Deactivate’s answer is lost | removed, removed      | Deactivate Delete Deactivate? Delete | -        | -
    an app of two                | the second Deactivate is refused       | removed, kept         | Deactivate Delete Deactivate!        | app2     | -
    an app of two                | the second Deactivate never arrives    | removed, kept         | Deactivate Delete Deactivate!        | app2     | - | remembered: app2
    an app of two                | the second Delete’s answer is lost     | removed, removed      | Deactivate Delete Deactivate Delete? | -        | -
    an app of two                | the second Delete is refused           | removed, deactivated  | Deactivate Delete Deactivate Delete! | -        | app2
    an app of two                | it is removed                          | gone, removed         | Deactivate! Deactivate Delete        | -        | -
    an app of two                | it is given to casey                   | moved, removed        | Deactivate! Deactivate Delete        | -        | -
    an app of two                | the other one is removed               | removed, gone         | Deactivate Delete Deactivate!        | -        | -
    an app of two                | riley is given another                 | removed, removed      | Deactivate Delete Deactivate Delete  | given    | -
    an app of two                | the person gives up                    | cancelled             | -                                    | app app2 | -
    an app of two                | the person gives up during Deactivate  | removed               | Deactivate Delete                    | app2     | -
    an app of two                | the process ends before Deactivate     | ended; swept: inUse   | -                                    | app app2 | -
    an app of two                | the process ends after Deactivate      | ended; swept: removed | Deactivate                           | app2     | -
    an app of two                | the process ends after Delete          | ended; swept: removed | Deactivate Delete                    | app2     | -
    an app of two                | ListMFADevices may not be called       | failed: accessDenied  | -                                    | app app2 | - | riley shown: unknown
    `,
  ),
  table(
    'somebody deletes as a leftover',
    'keeper',
    'delete it as a leftover',
    `
    no device                    | nothing                                 | removed               | Delete! | -             | -
    the only app                 | nothing                                 | inUse                 | Delete! | app           | -
    an app of two                | nothing                                 | inUse                 | Delete! | app app2      | -
    the only token               | nothing                                 | inUse                 | -       | token         | -
    a token of two               | nothing                                 | inUse                 | -       | app token     | -
    the only passkey             | nothing                                 | inUse                 | -       | passkey       | -
    only text messages           | nothing                                 | inUse                 | -       | sms           | -
    a passkey of two             | nothing                                 | inUse                 | -       | app passkey   | -
    text messages of two         | nothing                                 | inUse                 | -       | app sms       | -
    an app of eight              | nothing                                 | inUse                 | Delete! | app extra×7   | -
    a token of eight             | nothing                                 | inUse                 | -       | token extra×7 | -
    a leftover                   | nothing                                 | removed               | Delete  | -             | -
    one being enrolled elsewhere | nothing                                 | beingEnrolled         | -       | -             | app
    an app of somebody else      | nothing                                 | inUse                 | Delete! | -             | -
    a leftover                   | the answer to Delete is lost            | removed               | Delete? | -             | -
    a leftover                   | Delete never arrives                    | left: answerLost      | Delete! | -             | app
    a leftover                   | Delete is refused                       | left: accessDenied    | Delete! | -             | app
    a leftover                   | Delete is throttled                     | left: throttled       | Delete! | -             | app
    a leftover                   | Delete meets a 503 page                 | left: notAws          | Delete! | -             | app
    a leftover                   | Delete meets a log-in page              | left: notAws          | Delete! | -             | app
    a leftover                   | Delete meets a fault of AWS             | left: serviceFault    | Delete! | -             | app
    a leftover                   | it is removed                           | removed               | Delete! | -             | -
    a leftover                   | it is given to casey                    | inUse                 | Delete! | -             | -
    a leftover                   | another window begins with it           | beingEnrolled         | -       | -             | app
    a leftover                   | the person gives up                     | nothing               | -       | -             | app
    a leftover                   | the process ends after Delete           | ended; swept: nothing | Delete  | -             | -
    a leftover                   | ListVirtualMFADevices may not be called | removed               | Delete  | -             | - | leftovers shown: (app)
    a leftover                   | ListVirtualMFADevices may not be called and the answer to Delete is lost | left: answerLost      | Delete? | -             | - | leftovers shown: (app)
    `,
  ),
  table(
    'somebody labels riley’s device: it is',
    'keeper',
    'label it',
    `
    no device                    | nothing                   | failed: notFound     | Tag! | -             | -
    the only app                 | nothing                   | set                  | Tag  | app           | -
    an app of two                | nothing                   | set                  | Tag  | app app2      | -
    the only token               | nothing                   | failed: notFound     | Tag! | token         | -
    a token of two               | nothing                   | failed: notFound     | Tag! | app token     | -
    the only passkey             | nothing                   | failed: notFound     | Tag! | passkey       | -
    only text messages           | nothing                   | failed: notFound     | Tag! | sms           | -
    a passkey of two             | nothing                   | failed: notFound     | Tag! | app passkey   | -
    text messages of two         | nothing                   | failed: notFound     | Tag! | app sms       | -
    an app of eight              | nothing                   | set                  | Tag  | app extra×7   | -
    a token of eight             | nothing                   | failed: notFound     | Tag! | token extra×7 | -
    a leftover                   | nothing                   | set                  | Tag  | -             | app
    one being enrolled elsewhere | nothing                   | set                  | Tag  | -             | app
    an app of somebody else      | nothing                   | set                  | Tag  | -             | -
    the only app                 | the answer to Tag is lost | set                  | Tag? | app           | -
    the only app                 | Tag never arrives         | failed: answerLost   | Tag! | app           | -
    the only app                 | Tag is refused            | failed: accessDenied | Tag! | app           | -
    the only app                 | Tag is throttled          | failed: throttled    | Tag! | app           | -
    the only app                 | Tag meets a 503 page      | failed: notAws       | Tag! | app           | -
    the only app                 | Tag meets a log-in page   | failed: notAws       | Tag! | app           | -
    the only app                 | Tag meets a fault of AWS  | failed: serviceFault | Tag! | app           | -
    the only app                 | ListMFADeviceTags may not be called and the answer to Tag is lost | unknown              | Tag? | app           | -
    the only app                 | it is removed             | failed: notFound     | Tag! | -             | - | riley shown: (app)
    the only app                 | it is given to casey      | set                  | Tag  | -             | - | riley shown: app
    `,
  ),
  table(
    'somebody takes the label of riley’s device away: it is',
    'keeper',
    'take its label away',
    `
    the only app   | nothing                     | set                  | Untag  | app   | -
    the only token | nothing                     | failed: notFound     | Untag! | token | -
    a leftover     | nothing                     | set                  | Untag  | -     | app
    the only app   | the answer to Untag is lost | set                  | Untag? | app   | -
    the only app   | Untag never arrives         | failed: answerLost   | Untag! | app   | -
    the only app   | Untag is refused            | failed: accessDenied | Untag! | app   | -
    the only app   | Untag is throttled          | failed: throttled    | Untag! | app   | -
    the only app   | Untag meets a 503 page      | failed: notAws       | Untag! | app   | -
    `,
  ),
  table(
    'riley, with long-term keys, adds an app to',
    'riley',
    'add an app',
    `
    no device            | nothing                               | done                          | Create Enable         | new             | -
    the only app         | nothing                               | proved, done                  | Create Enable         | app new         | -
    an app of two        | nothing                               | proved, done                  | Create Enable         | app app2 new    | -
    the only token       | nothing                               | proved, done                  | Create Enable         | token new       | -
    a token of two       | nothing                               | proved, done                  | Create Enable         | app token new   | -
    the only passkey     | nothing                               | failed: mfaSessionNeeded      | -                     | passkey         | -
    only text messages   | nothing                               | failed: mfaSessionNeeded      | -                     | sms             | -
    a passkey of two     | nothing                               | proved, done                  | Create Enable         | app passkey new | -
    text messages of two | nothing                               | proved, done                  | Create Enable         | app sms new     | -
    an app of eight      | nothing                               | failed: limitExceeded         | -                     | app extra×7     | -
    a token of eight     | nothing                               | failed: limitExceeded         | -                     | token extra×7   | -
    the only app         | the code is wrong                     | proved, proving: invalidCode  | -                     | app             | -
    the only app         | the code was used before              | proved, proving: invalidCode  | -                     | app             | -
    the only app         | the answer to GetSessionToken is lost | proved, proving: answerLost   | -                     | app             | -
    the only app         | GetSessionToken never arrives         | proved, proving: answerLost   | -                     | app             | -
    the only app         | GetSessionToken is throttled          | proved, proving: throttled    | -                     | app             | -
    the only app         | GetSessionToken finds the sign-in run out | proved, proving: expiredCredentials | -                     | app             | -
    the only app         | Enable finds the sign-in run out          | proved, proving                     | Create Enable!        | app             | new
    the only app         | GetSessionToken meets a 503 page      | proved, proving: notAws       | -                     | app             | -
    the only app         | GetSessionToken meets a fault of AWS  | proved, proving: serviceFault | -                     | app             | -
    no device            | riley is given another                | proving                       | Create Enable!        | given           | new
    the only app         | the answer to Create is lost          | proved, failed: answerLost    | Create? Delete        | app             | -
    the only app         | the answer to Enable is lost          | proved, done                  | Create Enable?        | app new         | -
    the only app         | Enable never arrives                  | proved, ready: notEnabled     | Create Enable!        | app             | new
    the only app         | Enable is refused                     | proved, failed: accessDenied  | Create Enable! Delete | app             | -
    the only app         | the person gives up                   | proved, cancelled             | Create Delete         | app             | -
    the only app         | the process ends after Create         | proved, ended; swept: removed | Create                | app             | -
    `,
  ),
  table(
    'riley, with long-term keys, adds a token to',
    'riley',
    'add a token',
    `
    no device            | nothing                      | done                         | Enable  | spare             | -
    the only app         | nothing                      | proved, done                 | Enable  | app spare         | -
    an app of two        | nothing                      | proved, done                 | Enable  | app app2 spare    | -
    the only token       | nothing                      | proved, done                 | Enable  | token spare       | -
    a token of two       | nothing                      | proved, done                 | Enable  | app token spare   | -
    the only passkey     | nothing                      | failed: mfaSessionNeeded     | -       | passkey           | -
    only text messages   | nothing                      | failed: mfaSessionNeeded     | -       | sms               | -
    a passkey of two     | nothing                      | proved, done                 | Enable  | app passkey spare | -
    text messages of two | nothing                      | proved, done                 | Enable  | app sms spare     | -
    an app of eight      | nothing                      | failed: limitExceeded        | -       | app extra×7       | -
    a token of eight     | nothing                      | failed: limitExceeded        | -       | token extra×7     | -
    the only token       | the code is wrong            | proved, proving: invalidCode | -       | token             | -
    the only token       | the answer to Enable is lost | proved, done                 | Enable? | token spare       | -
    the only token       | Enable never arrives         | proved, token: notEnabled    | Enable! | token             | -
    `,
  ),
  table(
    'riley, with long-term keys, replaces a device by an app: it is',
    'riley',
    'replace it by an app',
    `
    no device            | nothing                           | done, old gone                  | Create Enable                    | new         | -
    the only app         | nothing                           | proved, done, old removed       | Create Enable Deactivate Delete  | new         | -
    an app of two        | nothing                           | proved, done, old removed       | Create Enable Deactivate Delete  | app2 new    | -
    the only token       | nothing                           | proved, done, old removed       | Create Enable Deactivate         | new         | -
    a token of two       | nothing                           | proved, done, old removed       | Create Enable Deactivate         | app new     | -
    the only passkey     | nothing                           | failed: mfaSessionNeeded        | -                                | passkey     | -
    only text messages   | nothing                           | failed: mfaSessionNeeded        | -                                | sms         | -
    a passkey of two     | nothing                           | proved, done, old removed       | Create Enable Deactivate         | app new     | -
    text messages of two | nothing                           | proved, done, old removed       | Create Enable Deactivate         | app new     | -
    an app of eight      | nothing                           | proved, full, done, old removed | Deactivate Delete Create Enable  | extra×7 new | -
    a token of eight     | nothing                           | proved, full, done, old removed | Deactivate Create Enable         | extra×7 new | -
    the only app         | the answer to Deactivate is lost  | proved, done, old removed       | Create Enable Deactivate? Delete | new         | -
    the only app         | Deactivate is refused             | proved, done, old kept          | Create Enable Deactivate!        | app new     | -
    the only app         | the answer to Delete is lost      | proved, done, old removed       | Create Enable Deactivate Delete? | new         | -
    the only app         | Delete is refused                 | proved, done, old deactivated   | Create Enable Deactivate Delete! | new         | app
    the only app         | the process ends after Enable     | proved, ended; swept: inUse     | Create Enable                    | app new     | -
    the only app         | the process ends after Deactivate | proved, ended; swept: removed   | Create Enable Deactivate         | new         | -
    `,
  ),
  table(
    'riley, with long-term keys, replaces a device by a token: it is',
    'riley',
    'replace it by a token',
    `
    no device            | nothing               | done, old gone                  | Enable                   | spare         | -
    the only app         | nothing               | proved, done, old removed       | Enable Deactivate Delete | spare         | -
    an app of two        | nothing               | proved, done, old removed       | Enable Deactivate Delete | app2 spare    | -
    the only token       | nothing               | proved, done, old removed       | Enable Deactivate        | spare         | -
    a token of two       | nothing               | proved, done, old removed       | Enable Deactivate        | app spare     | -
    the only passkey     | nothing               | failed: mfaSessionNeeded        | -                        | passkey       | -
    only text messages   | nothing               | failed: mfaSessionNeeded        | -                        | sms           | -
    a passkey of two     | nothing               | proved, done, old removed       | Enable Deactivate        | app spare     | -
    text messages of two | nothing               | proved, done, old removed       | Enable Deactivate        | app spare     | -
    an app of eight      | nothing               | proved, full, done, old removed | Deactivate Delete Enable | extra×7 spare | -
    a token of eight     | nothing               | proved, full, done, old removed | Deactivate Enable        | extra×7 spare | -
    the only app         | Deactivate is refused | proved, done, old kept          | Enable Deactivate!       | app spare     | -
    `,
  ),
  table(
    'riley, with long-term keys, resyncs',
    'riley',
    'resync it',
    `
    no device            | nothing | failed: notFound | Resync! | -             | -
    the only app         | nothing | done             | Resync  | app           | -
    an app of two        | nothing | done             | Resync  | app app2      | -
    the only token       | nothing | done             | Resync  | token         | -
    a token of two       | nothing | done             | Resync  | app token     | -
    the only passkey     | nothing | ready: refused   | Resync! | passkey       | -
    only text messages   | nothing | ready: refused   | Resync! | sms           | -
    a passkey of two     | nothing | ready: refused   | Resync! | app passkey   | -
    text messages of two | nothing | ready: refused   | Resync! | app sms       | -
    an app of eight      | nothing | done             | Resync  | app extra×7   | -
    a token of eight     | nothing | done             | Resync  | token extra×7 | -
    `,
  ),
  table(
    'riley, with long-term keys, removes',
    'riley',
    'remove it',
    `
    no device            | nothing                               | gone                          | -                  | -       | -
    the only app         | nothing                               | proved, removed               | Deactivate Delete  | -       | -
    an app of two        | nothing                               | proved, removed               | Deactivate Delete  | app2    | -
    the only token       | nothing                               | proved, removed               | Deactivate         | -       | -
    a token of two       | nothing                               | proved, removed               | Deactivate         | app     | -
    the only passkey     | nothing                               | onlyConsole                   | -                  | passkey | -
    only text messages   | nothing                               | onlyConsole                   | -                  | sms     | -
    a passkey of two     | nothing                               | proved, removed               | Deactivate         | app     | -
    text messages of two | nothing                               | proved, removed               | Deactivate         | app     | -
    an app of eight      | nothing                               | proved, removed               | Deactivate Delete  | extra×7 | -
    a token of eight     | nothing                               | proved, removed               | Deactivate         | extra×7 | -
    the only app         | the code is wrong                     | proved, proving: invalidCode  | -                  | app     | -
    the only app         | the code was used before              | proved, proving: invalidCode  | -                  | app     | -
    the only app         | the answer to GetSessionToken is lost | proved, proving: answerLost   | -                  | app     | -
    the only app         | GetSessionToken meets a 503 page      | proved, proving: notAws       | -                  | app     | -
    the only app         | the answer to Deactivate is lost      | proved, removed               | Deactivate? Delete | -       | -
    the only app         | Deactivate never arrives              | proved, kept                  | Deactivate!        | app     | - | remembered: app
    the only app         | Deactivate is refused                 | proved, kept                  | Deactivate!        | app     | -
    the only app         | the answer to Delete is lost          | proved, removed               | Deactivate Delete? | -       | -
    the only app         | Delete is refused                     | proved, deactivated           | Deactivate Delete! | -       | app
    an app of two        | the other one is removed              | asked again, proved, removed  | Deactivate Delete  | -       | -
    a passkey of two     | it is removed                         | proved, gone                  | Deactivate!        | app     | -
    the only app         | the person gives up                   | cancelled                     | -                  | app     | -
    the only app         | the process ends after Deactivate     | proved, ended; swept: removed | Deactivate         | -       | -
    `,
  ),
  table(
    'riley, with long-term keys, removes all that there is:',
    'riley',
    'remove all',
    `
    no device            | nothing                          | gone                     | -                                   | -       | -
    the only app         | nothing                          | proved, removed          | Deactivate Delete                   | -       | -
    an app of two        | nothing                          | proved, removed, removed | Deactivate Delete Deactivate Delete | -       | -
    the only token       | nothing                          | proved, removed          | Deactivate                          | -       | -
    a token of two       | nothing                          | proved, removed, removed | Deactivate Delete Deactivate        | -       | -
    the only passkey     | nothing                          | onlyConsole              | -                                   | passkey | -
    only text messages   | nothing                          | onlyConsole              | -                                   | sms     | -
    a passkey of two     | nothing                          | proved, removed, removed | Deactivate Deactivate Delete        | -       | -
    text messages of two | nothing                          | proved, removed, removed | Deactivate Deactivate Delete        | -       | -
    an app of eight      | nothing                          | proved, removed×8        | 8×(Deactivate Delete)               | -       | -
    a token of eight     | nothing                          | proved, removed×8        | 7×(Deactivate Delete) Deactivate    | -       | -
    an app of two        | Deactivate is refused            | proved, kept, removed    | Deactivate! Deactivate Delete       | app2    | -
    an app of two        | the second Deactivate is refused | proved, removed, kept    | Deactivate Delete Deactivate!       | app     | -
    `,
  ),
];
