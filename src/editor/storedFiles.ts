import { type Uri, workspace } from 'vscode';

/** @returns the names of the JSON files in a folder; none where there is no such folder */
export async function jsonFilesIn(folder: Uri): Promise<readonly string[]> {
  try {
    const entries = await workspace.fs.readDirectory(folder);
    return entries.map(([name]) => name).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}
