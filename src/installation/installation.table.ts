import { EntitySchema } from 'typeorm';
import { longTextColumn, textColumn } from '../database';

/** What is true of the whole installation, whichever process asks. */
export interface InstallationRow {
  name: string;
  value: string;
}

export const installationTable = new EntitySchema<InstallationRow>({
  name: 'Installation',
  tableName: 'installation',
  columns: {
    name: textColumn('name', 64, { primary: true }),
    value: longTextColumn('value'),
  },
});
