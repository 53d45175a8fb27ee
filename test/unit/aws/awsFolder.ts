import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The AWS files in a home of their own, and an environment that knows of no others. */
export class AwsFolder {
  readonly config: string;
  readonly credentials: string;
  readonly #before = { ...process.env };

  private constructor(readonly folder: string) {
    this.config = path.join(folder, 'config');
    this.credentials = path.join(folder, 'credentials');
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('AWS_')) {
        Reflect.deleteProperty(process.env, name);
      }
    }
    process.env['HOME'] = folder;
    process.env['USERPROFILE'] = folder;
    process.env['AWS_CONFIG_FILE'] = this.config;
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = this.credentials;
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  }

  static async open(): Promise<AwsFolder> {
    return new AwsFolder(await mkdtemp(path.join(tmpdir(), 'mfa-for-aws-iam-')));
  }

  async write(config?: string | Buffer, credentials?: string | Buffer): Promise<void> {
    if (config !== undefined) {
      await writeFile(this.config, config);
    }
    if (credentials !== undefined) {
      await writeFile(this.credentials, credentials);
    }
  }

  /** Writes a file in the folder, whose own folders come with it. @returns where it is */
  async put(name: string, text: string): Promise<string> {
    const file = path.join(this.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  async close(): Promise<void> {
    for (const name of Object.keys(process.env)) {
      if (!(name in this.#before)) {
        Reflect.deleteProperty(process.env, name);
      }
    }
    Object.assign(process.env, this.#before);
    await rm(this.folder, { recursive: true });
  }
}
