import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { groupings, sortings } from '../../src/core/userOrder';
import * as manifest from '../../src/editor/manifest';

const root = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

interface Setting {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly default: unknown;
  readonly minimum?: number;
  readonly scope?: string;
  readonly markdownDescription?: string;
}

interface Manifest {
  readonly icon: string;
  readonly main: string;
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
      readonly icon?: string;
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly keybindings: readonly (MenuItem & {
      readonly key: string;
      readonly mac: string;
      readonly args: unknown;
    })[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly title: string;
      readonly description: string;
      readonly steps: readonly {
        readonly id: string;
        readonly title: string;
        readonly description: string;
        readonly media: { readonly image: Readonly<Record<string, string>>; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly languageModelTools: readonly {
      readonly name: string;
      readonly displayName: string;
      readonly userDescription: string;
      readonly modelDescription: string;
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  };
}

const { contributes, ...declared } = JSON.parse(read('package.json')) as Manifest;
const texts = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;
const menuItems = Object.values(contributes.menus).flat();
const sorted = (values: Iterable<string>) => [...values].sort();

describe('package.json and the code', () => {
  it('name the same commands', () => {
    assert.deepEqual(
      sorted(contributes.commands.map(({ command }) => command)),
      sorted(Object.values(manifest.commands)),
    );
  });

  it('give every command a category, a title that can be translated, and an icon', () => {
    for (const command of contributes.commands) {
      assert.equal(command.category, '%category%', command.command);
      assert.match(command.title, /^%.+%$/, command.command);
      assert.match(command.icon ?? '', /^\$\([\w-]+\)$/, command.command);
    }
  });

  it('have the titles that the documentation promises', () => {
    const titles = contributes.commands.map(
      ({ title, category }) => `${texts[category?.slice(1, -1) ?? '']}: ${texts[title.slice(1, -1)]}`,
    );
    assert.deepEqual(sorted(titles), [
      'AWS MFA: Add Account…',
      'AWS MFA: Add MFA Device…',
      'AWS MFA: Choose Identity…',
      'AWS MFA: Clear Filter',
      'AWS MFA: Copy ARN or Serial Number',
      'AWS MFA: Copy as CSV',
      'AWS MFA: Copy as Markdown',
      'AWS MFA: Delete Unfinished Devices…',
      'AWS MFA: Edit Name and Note…',
      'AWS MFA: Enable MFA with a Hardware Token…',
      'AWS MFA: Enable MFA…',
      'AWS MFA: Enter MFA Code…',
      'AWS MFA: Filter Users…',
      'AWS MFA: Go to User…',
      'AWS MFA: Group Users…',
      'AWS MFA: Move Account Down',
      'AWS MFA: Move Account Up',
      'AWS MFA: Open Practice Account',
      'AWS MFA: Open in AWS Console',
      'AWS MFA: Refresh',
      // Of the row, and of all.
      'AWS MFA: Refresh',
      'AWS MFA: Register Passkey in AWS Console…',
      'AWS MFA: Remove Account from View',
      'AWS MFA: Remove MFA Device…',
      'AWS MFA: Renew Sign-In in Terminal',
      'AWS MFA: Replace MFA Device…',
      'AWS MFA: Reset MFA…',
      'AWS MFA: Resync MFA Device…',
      'AWS MFA: Show Log',
      'AWS MFA: Show More Users',
      'AWS MFA: Show Permissions',
      'AWS MFA: Sort Users…',
      'AWS MFA: Stop Reading',
    ]);
  });

  it('name the same views', () => {
    const ids = Object.values(contributes.views).flatMap((views) => views.map(({ id }) => id));
    assert.deepEqual(sorted(ids), sorted(Object.values(manifest.views)));
    for (const welcome of contributes.viewsWelcome) {
      assert.ok(ids.includes(welcome.view));
    }
    assert.equal(manifest.focusUsersCommand, `${manifest.views.users}.focus`);
  });

  it('name the same tools of the chat', () => {
    assert.deepEqual(
      sorted(contributes.languageModelTools.map(({ name }) => name)),
      sorted(Object.values(manifest.chatTools)),
    );
  });

  describe('the walkthrough', () => {
    const [walkthrough] = contributes.walkthroughs;
    const steps = walkthrough?.steps ?? [];
    const text = (key: string) => texts[key.slice(1, -1)] ?? assert.fail(key);

    it('is ticked by what a person did', () => {
      const known = [
        ...[...Object.values(manifest.contextKeys), ...Object.values(manifest.milestones)].map(
          (key) => `onContext:${key}`,
        ),
        ...Object.values(manifest.commands).map((id) => `onCommand:${id}`),
      ];
      const events = steps.flatMap(({ completionEvents }) => completionEvents);
      assert.deepEqual(
        events.filter((event) => !known.includes(event)),
        [],
      );
      assert.ok(steps.every(({ completionEvents }) => completionEvents.length > 0));
      const ticking = Object.values(manifest.milestones).filter((key) => !events.includes(`onContext:${key}`));
      assert.deepEqual(ticking, [], 'what is noted ticks a step');
    });

    it('has a picture of each step for each theme, and words in its place', () => {
      for (const { id, media } of steps) {
        assert.deepEqual(sorted(Object.keys(media.image)), ['dark', 'hc', 'hcLight', 'light'], id);
        for (const file of Object.values(media.image)) {
          assert.ok(existsSync(path.join(root, file)), file);
        }
        assert.ok(text(media.altText).length > 20, id);
      }
    });

    it('leads to commands that there are', () => {
      const ids: readonly string[] = [...Object.values(manifest.commands), manifest.focusUsersCommand];
      const links = steps.flatMap(({ description }) => [...text(description).matchAll(/\(command:([\w.]+)/g)]);
      assert.ok(links.length >= steps.length);
      assert.deepEqual(
        links.flatMap(([, id = '']) => (ids.includes(id) ? [] : [id])),
        [],
      );
      assert.match(text('%welcome%'), new RegExp(`mfa-for-aws-iam%23${walkthrough?.id}%22\\)$`));
    });
  });

  it('name the same settings, with the same defaults', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(sorted(Object.keys(properties)), sorted(Object.values(manifest.settings).map(({ key }) => key)));
    for (const [{ key, default: value }, values] of [
      [manifest.settings.warnAbout, manifest.warnAboutValues],
      [manifest.settings.sortBy, sortings],
      [manifest.settings.groupBy, groupings],
    ] as const) {
      const setting = properties[key];
      assert.ok(setting, key);
      assert.equal(setting.default, value);
      assert.deepEqual(setting.enum, [...values]);
      assert.equal(setting.enumDescriptions?.length, setting.enum.length);
      assert.ok(setting.scope);
      assert.match(setting.markdownDescription ?? '', /^%.+%$/);
    }
  });

  it('name the same interval, which a person can do without', () => {
    const interval = contributes.configuration.properties[manifest.settings.refreshInterval.key];
    assert.equal(interval?.default, manifest.settings.refreshInterval.default);
    assert.deepEqual([interval.type, interval.minimum, interval.scope], ['number', 0, 'window']);
  });

  it('take nothing of accounts and files from a workspace', () => {
    for (const { key, default: value } of [manifest.settings.configFile, manifest.settings.credentialsFile]) {
      const setting = contributes.configuration.properties[key];
      assert.equal(setting?.default, value, key);
      // `machine`: of this computer, or of the one that a remote window works on; never of a workspace.
      assert.equal(setting.scope, 'machine', key);
    }
  });

  it('use only context keys, views and row traits that the code knows', () => {
    const known = new Set<string>([
      // Never: what needs a row is not in the palette.
      'false',
      'view',
      'viewItem',
      // The editor's own.
      'focusedView',
      'inputFocus',
      'listFocus',
      'listMultiSelection',
      ...Object.values(manifest.selections),
      ...Object.values(manifest.views),
      ...Object.values(manifest.contextKeys),
    ]);
    const placed = [...menuItems, ...contributes.viewsWelcome, ...contributes.keybindings];
    const conditions = placed.flatMap(({ when }) => (when ? [when] : []));
    assert.ok(conditions.length > 0);
    for (const when of conditions) {
      const traits = [...when.matchAll(/viewItem =~ \/\\b\(?([\w|]+)\)?\\b\//g)].flatMap(
        (match) => match[1]?.split('|') ?? [],
      );
      assert.equal(traits.length > 0, when.includes('viewItem'), when);
      for (const trait of traits) {
        assert.ok(Object.values<string>(manifest.rowTraits).includes(trait), `${trait} in ${when}`);
      }
      const words = when.replace(/\/.*?\//g, '').match(/[A-Za-z][\w.]*/g) ?? [];
      for (const word of words) {
        assert.ok(known.has(word), `${word} in ${when}`);
      }
    }
    for (const key of Object.values(manifest.contextKeys)) {
      assert.ok(
        conditions.some((when) => when.includes(key)),
        `${key} is set but never looked at`,
      );
    }
  });

  it('offer in menus and by keys only commands that there are', () => {
    const ids = new Set(contributes.commands.map(({ command }) => command));
    for (const { command } of [...menuItems, ...contributes.keybindings]) {
      assert.ok(ids.has(command), command);
    }
  });

  it('have the same buttons above the rows, none of which is a row’s', () => {
    const titles = contributes.menus['view/title']?.map(({ command }) => command) ?? [];
    assert.deepEqual(sorted(titles), sorted(manifest.titleCommands));
    // The log is of no account: its button does the same on a row.
    const rows = contributes.menus['view/item/context']?.map(({ command }) => command) ?? [];
    assert.deepEqual(
      titles.filter((command) => rows.includes(command)),
      [manifest.commands.showLog],
    );
  });

  it('let keys act on what is selected in the view, and nowhere else', () => {
    for (const { command, when, args } of contributes.keybindings) {
      assert.equal(args, manifest.selectedRows, command);
      assert.match(when ?? '', new RegExp(`^focusedView == ${manifest.views.users} && listFocus && !inputFocus`));
    }
  });

  it('have every text, and no text that nobody uses', () => {
    const used = [...read('package.json').matchAll(/%([\w.]+)%/g)].map((match) => match[1] ?? '');
    assert.deepEqual(sorted(new Set(used)), sorted(Object.keys(texts)));
  });

  it('link from texts only to commands that there are', () => {
    const links = Object.values(texts).flatMap((text) => [...text.matchAll(/\(command:([\w.]+)/g)]);
    assert.ok(links.length > 0);
    // The editor's own: one shows our view, the other opens the walkthrough.
    const editors = [manifest.focusUsersCommand, 'workbench.action.openWalkthrough'];
    for (const [, command = ''] of links) {
      assert.ok([...Object.values<string>(manifest.commands), ...editors].includes(command), command);
    }
  });

  it('point at files that are there', () => {
    for (const { icon } of contributes.viewsContainers.activitybar) {
      assert.ok(existsSync(path.join(root, icon)), icon);
    }
    assert.ok(existsSync(path.join(root, declared.icon)));
  });

  it('claim the editor that the types are of', () => {
    const types = JSON.parse(read('node_modules/@types/vscode/package.json')) as { readonly version: string };
    assert.equal(declared.engines.vscode, `^${types.version}`);
  });

  it('claim the editor that the tests of the floor run in', () => {
    const floor = JSON.parse(read('scripts/host/floor/package.json')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    // code-server 4.96.x carries VS Code 1.96.x.
    const minor = floor.dependencies['code-server']?.split('.')[1] ?? assert.fail();
    assert.match(declared.engines.vscode, new RegExp(`^\\^1\\.${minor}\\.`));
  });

  it('write no id anywhere but in the manifest file', () => {
    const strays = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('manifest.ts'))
      .filter((file) => /['"`]awsMfa\./.test(read(path.join('src', file))));
    assert.deepEqual(strays, []);
  });
});
