import { XmlReader } from '../soap/xml-reader';
import type { BodySink } from '../transport/exchange';

const NAMESPACE = 'urn:vim25';

/** The versions of the API that this client has been written for, the highest first. */
const OURS = [
  '8.0.3.0',
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.1',
  '7.0.3.0',
  '7.0.2.0',
  '7.0.1.0',
  '7.0',
  '6.9.1',
  '6.8.7',
  '6.7.3',
  '6.7.2',
  '6.7.1',
  '6.7',
  '6.5',
] as const;

/** The SOAPAction for the highest version that the server speaks too. Without one in common, the server chooses. */
export function actionFor(served: ReadonlySet<string>): string {
  const version = OURS.find((ours) => served.has(ours));
  return version === undefined ? NAMESPACE : `${NAMESPACE}/${version}`;
}

/**
 * Reads `vimServiceVersions.xml`: per namespace a name, its version and prior versions.
 *
 *     <namespaces><namespace><name>urn:vim25</name><version>6.5</version>
 *       <priorVersions><version>6.0</version></priorVersions></namespace></namespaces>
 */
export class VersionsReader implements BodySink<ReadonlySet<string>> {
  private readonly xml = new XmlReader(this);
  private readonly versions = new Set<string>();
  private characters = '';
  private path: string[] = [];
  private namespace = '';

  write(bytes: Uint8Array): void {
    this.xml.write(bytes);
  }

  end(): ReadonlySet<string> {
    this.xml.end();
    return this.versions;
  }

  open(name: string): void {
    this.path.push(name);
    this.characters = '';
  }

  text(characters: string): void {
    this.characters += characters;
  }

  close(): void {
    const name = this.path.pop();
    if (name === 'name') this.namespace = this.characters.trim();
    else if (name === 'version' && this.namespace === NAMESPACE) this.versions.add(this.characters.trim());
    this.characters = '';
  }
}
