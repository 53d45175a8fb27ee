import { Failure, validationError } from './failure';

// Shapes and limits: iam-facts 1.1. A broken one is a ValidationError; all broken ones are named in one text (1.7).

export type Shape =
  | { readonly kind: 'text'; readonly min: number; readonly max: number; readonly pattern?: string }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  /** Any number of `Name.member.N`, each of them one of these. */
  | { readonly kind: 'someOf'; readonly values: readonly string[] }
  | { readonly kind: 'path' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'tags' }
  | { readonly kind: 'tagKeys' };

export interface Rule {
  readonly shape: Shape;
  readonly required: boolean;
}

/** The parameters an operation takes, by name. */
export type Rules = Readonly<Record<string, Rule>>;

const NAME = '[\\w+=,.@-]+';

export const shapes = {
  existingUserName: { kind: 'text', min: 1, max: 128, pattern: NAME },
  userName: { kind: 'text', min: 1, max: 64, pattern: NAME },
  serialNumber: { kind: 'text', min: 9, max: 256, pattern: '[\\w+=/:,.@-]+' },
  code: { kind: 'text', min: 6, max: 6, pattern: '[\\d]+' },
  // The length of the serial is the limit.
  deviceName: { kind: 'text', min: 1, max: Number.POSITIVE_INFINITY, pattern: NAME },
  accessKeyId: { kind: 'text', min: 16, max: 128, pattern: '[\\w]+' },
  password: { kind: 'text', min: 1, max: 128, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
  pathPrefix: { kind: 'text', min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' },
  marker: { kind: 'text', min: 1, max: 320, pattern: '[\\u0020-\\u00FF]+' },
  maxItems: { kind: 'integer', min: 1, max: 1000 },
  sessionDuration: { kind: 'integer', min: 900, max: 129_600 },
  roleDuration: { kind: 'integer', min: 900, max: 43_200 },
  arn: { kind: 'text', min: 20, max: 2048, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF]+' },
  sessionName: { kind: 'text', min: 2, max: 64, pattern: '[\\w+=,.@-]*' },
  externalId: { kind: 'text', min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*' },
  webIdentityToken: { kind: 'text', min: 4, max: 20_000 },
  groupName: { kind: 'text', min: 1, max: 128, pattern: NAME },
  policyName: { kind: 'text', min: 1, max: 128, pattern: NAME },
  policyDocument: { kind: 'text', min: 1, max: 131_072, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
  policyVersion: { kind: 'text', min: 0, max: Number.POSITIVE_INFINITY, pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' },
  policyPath: { kind: 'text', min: 1, max: 512, pattern: '((\\/[A-Za-z0-9\\.,\\+@=_-]+)*)\\/' },
  entityTypes: {
    kind: 'someOf',
    values: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'],
  },
  path: { kind: 'path' },
  boolean: { kind: 'boolean' },
  tags: { kind: 'tags' },
  tagKeys: { kind: 'tagKeys' },
} as const satisfies Record<string, Shape>;

export const required = (shape: Shape): Rule => ({ shape, required: true });
export const optional = (shape: Shape): Rule => ({ shape, required: false });

/** The paging parameters of a list. */
export const paging: Rules = { Marker: optional(shapes.marker), MaxItems: optional(shapes.maxItems) };

/** The parameters of one call, read from its form. */
export class Parameters {
  readonly #form: URLSearchParams;

  constructor(form: URLSearchParams) {
    this.#form = form;
  }

  text(name: string): string | undefined {
    return this.#form.get(name) ?? undefined;
  }

  /** Of a parameter that validation has already asked for. */
  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined) {
      throw new Failure('InternalFailure', 500, `The operation reads ${name} without asking for it.`);
    }
    return value;
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  /** `Name.member.1`, `Name.member.2`, ... */
  list(name: string): string[] {
    const values: string[] = [];
    for (let index = 1; ; index++) {
      const value = this.text(`${name}.member.${index}`);
      if (value === undefined) {
        return values;
      }
      values.push(value);
    }
  }

  /** `Name.member.1.Key` and `Name.member.1.Value`, ... */
  tags(name: string): { key: string; value: string }[] {
    const tags: { key: string; value: string }[] = [];
    for (let index = 1; ; index++) {
      const key = this.text(`${name}.member.${index}.Key`);
      if (key === undefined) {
        return tags;
      }
      tags.push({ key, value: this.text(`${name}.member.${index}.Value`) ?? '' });
    }
  }

  /** All of them, with secrets blotted out; for the list of calls. */
  withoutSecrets(): Readonly<Record<string, string>> {
    const secret = /^(AuthenticationCode\d|TokenCode|Password|WebIdentityToken)$/;
    const entries = [...this.#form].filter(([name]) => name !== 'Action' && name !== 'Version');
    return Object.fromEntries(entries.map(([name, value]) => [name, secret.test(name) ? '(secret)' : value]));
  }
}

/** Throws a ValidationError that names everything wrong with the parameters. */
export function validate(parameters: Parameters, rules: Rules): void {
  const complaints: string[] = [];
  for (const [name, rule] of Object.entries(rules)) {
    const { shape } = rule;
    if (shape.kind === 'tags' || shape.kind === 'tagKeys') {
      complaints.push(...tagComplaints(parameters, name, rule));
      continue;
    }
    if (shape.kind === 'someOf') {
      const unknown = parameters.list(name).find((value) => !shape.values.includes(value));
      complaints.push(...(unknown === undefined ? [] : [complaint(unknown, name, enumConstraint(shape.values))]));
      continue;
    }
    const value = parameters.text(name);
    if (value === undefined) {
      if (rule.required) {
        complaints.push(nullComplaint(name));
      }
      continue;
    }
    if (shape.kind === 'path') {
      checkPath(name, value);
      continue;
    }
    complaints.push(...constraintsBroken(value, shape).map((constraint) => complaint(value, name, constraint)));
  }
  const first = complaints.length === 1 ? '1 validation error' : `${complaints.length} validation errors`;
  if (complaints.length > 0) {
    throw validationError(`${first} detected: ${complaints.join('; ')}`);
  }
}

function constraintsBroken(
  value: string,
  shape: Exclude<Shape, { kind: 'path' | 'tags' | 'tagKeys' | 'someOf' }>,
): string[] {
  switch (shape.kind) {
    case 'text':
      return textConstraintsBroken(value, shape);
    case 'oneOf':
      return shape.values.includes(value) ? [] : [enumConstraint(shape.values)];
    case 'boolean':
      return value === 'true' || value === 'false' ? [] : [enumConstraint(['true', 'false'])];
    case 'integer': {
      if (!/^-?\d+$/.test(value)) {
        throw new Failure('MalformedInput', 400, 'Invalid Argument');
      }
      const number = Number(value);
      return [
        ...(number > shape.max ? [`Member must have value less than or equal to ${shape.max}`] : []),
        ...(number < shape.min ? [`Member must have value greater than or equal to ${shape.min}`] : []),
      ];
    }
  }
}

const enumConstraint = (values: readonly string[]): string =>
  `Member must satisfy enum value set: [${values.join(', ')}]`;

function textConstraintsBroken(value: string, shape: { min: number; max: number; pattern?: string }): string[] {
  return [
    ...(value.length > shape.max ? [`Member must have length less than or equal to ${shape.max}`] : []),
    ...(value.length < shape.min ? [`Member must have length greater than or equal to ${shape.min}`] : []),
    ...(shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`, 'u').test(value)
      ? [`Member must satisfy regular expression pattern: ${shape.pattern}`]
      : []),
  ];
}

// A path has a text of its own. A doubled slash inside is accepted, a path of only `//` is not (iam-facts 2.1, 9.3).
function checkPath(name: string, value: string): void {
  if (value !== '/' && !(/^\/[!-\u007f]+\/$/.test(value) && value.length <= 512)) {
    throw validationError(
      `The specified value for ${memberName(name)} is invalid. It must begin and end with / and contain only ` +
        'alphanumeric characters and/or / characters.',
    );
  }
}

const TAG_KEY = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+';
const TAG_VALUE = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*';

function tagComplaints(parameters: Parameters, name: string, rule: Rule): string[] {
  const tags =
    rule.shape.kind === 'tags'
      ? parameters.tags(name)
      : parameters.list(name).map((key) => ({ key, value: undefined }));
  if (tags.length === 0 && rule.required && parameters.text(name) === undefined) {
    return [nullComplaint(name)];
  }
  return tags.flatMap(({ key, value }, index) => {
    const at = rule.shape.kind === 'tags' ? `${name}.${index + 1}.member.key` : `${name}.${index + 1}.member`;
    const broken = textConstraintsBroken(key, { min: 1, max: 128, pattern: TAG_KEY });
    const brokenValue =
      value === undefined ? [] : textConstraintsBroken(value, { min: 0, max: 256, pattern: TAG_VALUE });
    return [
      ...broken.map((constraint) => complaint(key, at, constraint)),
      ...brokenValue.map((constraint) => complaint(value ?? '', at.replace(/key$/, 'value'), constraint)),
    ];
  });
}

const memberName = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const complaint = (value: string, name: string, constraint: string): string =>
  `Value '${value}' at '${memberName(name)}' failed to satisfy constraint: ${constraint}`;

const nullComplaint = (name: string): string =>
  `Value null at '${memberName(name)}' failed to satisfy constraint: Member must not be null`;
