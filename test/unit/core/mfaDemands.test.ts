import assert from 'node:assert/strict';
import { mfaDemands, type MfaDemand } from '../../../src/core/mfaDemands';
import { smallCompany } from '../../../src/practice/company';

const present = 'aws:MultiFactorAuthPresent';
const age = 'aws:MultiFactorAuthAge';

type Condition = Readonly<Record<string, unknown>>;
const statement = (effect: 'Allow' | 'Deny', condition?: Condition, more: Condition = {}): Condition => ({
  Effect: effect,
  Action: ['s3:GetObject', 's3:PutObject'],
  Resource: '*',
  ...(condition && { Condition: condition }),
  ...more,
});
/** What a policy of these statements demands. */
const reach = (statements: unknown): MfaDemand['reach'] | undefined =>
  mfaDemands([
    { name: 'P', inline: true, document: JSON.stringify({ Version: '2012-10-17', Statement: statements }) },
  ])[0]?.reach;

describe('policies that demand MFA (iam-facts 6.2)', () => {
  for (const [title, effect, condition] of [
    ['a denial where it is said to be absent', 'Deny', { Bool: { [present]: 'false' } }],
    ['a denial where it is absent or not said', 'Deny', { BoolIfExists: { [present]: 'false' } }],
    ['a denial where nothing is said of it', 'Deny', { Null: { [present]: 'true' } }],
    ['a denial where it is too old', 'Deny', { NumericGreaterThan: { [age]: '3600' } }],
    ['a denial where it is too old or not said', 'Deny', { NumericGreaterThanIfExists: { [age]: '3600' } }],
    ['a denial where it is as old', 'Deny', { NumericGreaterThanEquals: { [age]: '3600' } }],
    ['a denial where no age is said', 'Deny', { Null: { [age]: 'true' } }],
    ['an allowance with it', 'Allow', { Bool: { [present]: 'true' } }],
    ['an allowance with it or where nothing is said', 'Allow', { BoolIfExists: { [present]: 'true' } }],
    ['an allowance where something is said of it', 'Allow', { Null: { [present]: 'false' } }],
    ['an allowance while it is young', 'Allow', { NumericLessThan: { [age]: '3600' } }],
    ['an allowance while it is as young', 'Allow', { NumericLessThanEquals: { [age]: 3600 } }],
    ['an allowance where an age is said', 'Allow', { Null: { [age]: 'false' } }],
    ['a value without quotes', 'Deny', { Bool: { [present]: false } }],
    ['a value in capitals', 'Deny', { Bool: { [present]: 'False' } }],
    ['a list of values', 'Deny', { BoolIfExists: { [present]: ['false'] } }],
    ['a list of values without quotes', 'Allow', { Bool: { [present]: [true] } }],
    ['the key in small letters', 'Deny', { BoolIfExists: { 'aws:multifactorauthpresent': 'false' } }],
    ['the key in capitals', 'Allow', { Bool: { 'AWS:MULTIFACTORAUTHPRESENT': 'true' } }],
    ['the age’s key in small letters', 'Allow', { NumericLessThan: { 'aws:multifactorauthage': '60' } }],
    ['the operator in small letters', 'Deny', { boolifexists: { [present]: 'false' } }],
    ['for any value', 'Deny', { 'ForAnyValue:Bool': { [present]: 'false' } }],
    ['for all values', 'Deny', { 'ForAllValues:BoolIfExists': { [present]: 'false' } }],
    [
      'another condition beside it',
      'Deny',
      { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' }, BoolIfExists: { [present]: 'false' } },
    ],
    [
      'another key under the same operator',
      'Deny',
      { BoolIfExists: { 'aws:ViaAWSService': 'false', [present]: 'false' } },
    ],
  ] as const) {
    it(`are found: ${title}`, () => assert.equal(reach([statement(effect, condition)]), 'part'));
  }

  for (const [title, effect, condition] of [
    ['no condition', 'Deny', undefined],
    ['an empty condition', 'Deny', {}],
    ['a denial with it', 'Deny', { Bool: { [present]: 'true' } }],
    ['a denial where something is said of it', 'Deny', { Null: { [present]: 'false' } }],
    ['a denial while it is young', 'Deny', { NumericLessThan: { [age]: '3600' } }],
    ['an allowance without it', 'Allow', { Bool: { [present]: 'false' } }],
    ['an allowance without it or where nothing is said', 'Allow', { BoolIfExists: { [present]: 'false' } }],
    ['an allowance where nothing is said of it', 'Allow', { Null: { [present]: 'true' } }],
    ['an allowance while it is old', 'Allow', { NumericGreaterThan: { [age]: '3600' } }],
    ['another key', 'Deny', { Bool: { 'aws:SecureTransport': 'false' } }],
    ['a key that only begins so', 'Deny', { Bool: { 'aws:MultiFactorAuthPresentX': 'false' } }],
    ['the key as a value', 'Deny', { StringEquals: { 'aws:PrincipalTag/false': present } }],
    ['another service’s key of the same end', 'Deny', { Bool: { 'my:MultiFactorAuthPresent': 'false' } }],
    ['an operator without keys', 'Deny', { Bool: 'false' }],
    ['an operator of null', 'Deny', { Bool: null }],
  ] as const) {
    it(`are not found: ${title}`, () => assert.equal(reach([statement(effect, condition)]), undefined));
  }

  it('may have one statement that is no list', () => {
    assert.equal(reach(statement('Deny', { BoolIfExists: { [present]: 'false' } })), 'part');
  });

  it('may have the demand in a later statement', () => {
    assert.equal(reach([statement('Allow'), statement('Allow', { Bool: { [present]: 'true' } })]), 'part');
  });

  for (const [title, statements, expected] of [
    [
      'all but what is listed is denied',
      [statement('Deny', undefined, { Action: undefined, NotAction: 'iam:*' })],
      'settingUp',
    ],
    ['all is denied', [statement('Deny', undefined, { Action: '*' })], 'nothing'],
    ['all is denied, in a list', [statement('Deny', undefined, { Action: ['*'] })], 'nothing'],
    ['one service is denied', [statement('Deny', undefined, { Action: 's3:*' })], 'part'],
    ['all is allowed with it', [statement('Allow', undefined, { Action: '*' })], 'part'],
    ['all but what is listed is allowed with it', [statement('Allow', undefined, { NotAction: 'iam:*' })], 'part'],
    ['some, then all', [statement('Deny'), statement('Deny', undefined, { Action: '*' })], 'nothing'],
    [
      'what is spared does not let a device be enabled',
      [statement('Deny', undefined, { Action: undefined, NotAction: ['iam:List*', 'sts:GetSessionToken'] })],
      'nothing',
    ],
    [
      'what is spared lets a device be enabled, however it is written',
      [statement('Deny', undefined, { Action: undefined, NotAction: ['s3:*', 'IAM:enable???Device'] })],
      'settingUp',
    ],
    [
      'all is denied, on some resources',
      [statement('Deny', undefined, { Action: '*', Resource: 'arn:aws:s3:::logs/*' })],
      'part',
    ],
  ] as const) {
    it(`reach ${expected} where ${title}`, () => {
      const demanding = statements.map((each) => {
        const value = each['Effect'] === 'Deny' ? 'false' : 'true';
        return { ...each, Condition: { BoolIfExists: { [present]: value } } };
      });
      assert.equal(reach(demanding), expected);
    });
  }

  it('reach a part where they turn on more than MFA', () => {
    const condition = { BoolIfExists: { [present]: 'false' }, NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
    assert.equal(reach([statement('Deny', condition, { Action: '*' })]), 'part');
  });

  it('reach no further by a statement that says nothing of MFA', () => {
    const harmless = statement('Deny', undefined, { Action: '*' });
    assert.equal(reach([harmless, statement('Allow', { Bool: { [present]: 'true' } })]), 'part');
  });

  for (const document of [
    '',
    'nonsense',
    'null',
    '[]',
    '"text"',
    '{}',
    '{"Statement":null}',
    '{"Statement":["x",null]}',
  ]) {
    it(`are not found in ${document === '' ? 'nothing' : document}, and nothing breaks`, () => {
      assert.deepEqual(mfaDemands([{ name: 'P', inline: true, document }]), []);
    });
  }

  it('stand with their group, the widest first, then by name', () => {
    const some = JSON.stringify({ Statement: statement('Allow', { Bool: { [present]: 'true' } }) });
    const all = JSON.stringify({
      Statement: statement('Deny', { BoolIfExists: { [present]: 'false' } }, { Action: '*' }),
    });
    const none = JSON.stringify({ Statement: statement('Allow') });
    assert.deepEqual(
      mfaDemands([
        { name: 'b', inline: true, document: some },
        { name: 'c', inline: false, group: 'everyone', document: all },
        { name: 'n', inline: true, document: none },
        { name: 'a', inline: false, document: some },
        { name: 'broken', inline: false, document: '{' },
      ]),
      [
        { policy: 'c', group: 'everyone', reach: 'nothing' },
        { policy: 'a', reach: 'part' },
        { policy: 'b', reach: 'part' },
      ],
    );
  });

  it('are found in AWS’s own sample (iam-facts 6.1), and not in what lets people change their password', () => {
    const { policies } = smallCompany();
    assert.deepEqual(
      mfaDemands(
        policies.map(({ name, statements }) => ({
          name,
          inline: false,
          document: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
        })),
      ),
      [{ policy: 'RequireMfa', reach: 'settingUp' }],
    );
  });
});
