/** What honest clients ask: the documents of the contract, registered operations, lists, a whole tree, counts, searches. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentNode, Kind, parse, print } from 'graphql';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import type { Random } from '../random.ts';
import { type LibrarySize, topics } from '../reads/library.ts';

export interface Question {
  /** As the figures name it. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string;
}

/** Makes the next question, whichever the seed says. */
export type Questions = () => Question;

const DOCUMENTS = join(PROJECT_ROOT, 'test', 'contract-documents', 'research.graphql');
const DEPARTMENTS = ['VID', 'AI', 'LGN', 'DEV', 'HR', 'DESIGN', 'SALES', 'SMM'] as const;

const key = (prefix: string, number: number): string => `${prefix}${String(number).padStart(6, '0')}`;

const FLAT = '{ researches(first: 50) { nodes { researchId title department status createdDate outputPath } } }';
const COUNTS = `{
  videosAggregate { count groups(by: [STATUS]) { nodes { key { status } count } } }
  researchesAggregate { groups(by: [DEPARTMENT]) { nodes { key { department } count } } }
}`;
const TREE = `query Tree($researchId: String!) {
  research(researchId: $researchId) {
    researchId title department status metadata
    researcher { name }
    reports { nodes { reportId title } }
    videos(first: 50) {
      edges { relevanceScore node {
        videoId title status transcriptContent
        channel { name }
        influencers { nodes { name } }
        analyses { nodes { analysisId analysisType results } }
      } }
    }
  }
}`;

/** Reads the documents and returns what asks them. */
export async function readQuestions(size: LibrarySize, random: Random): Promise<Questions> {
  const contract = parse(await readFile(DOCUMENTS, 'utf8'));
  const send = (name: string, body: object): Question => {
    return { name, method: 'POST', path: '/graphql', body: JSON.stringify(body) };
  };
  const document = (operationName: string) => {
    const query = operationOf(contract, operationName);
    return (variables: object) => send(operationName, { query, operationName, variables });
  };
  const registered = (documentId: string, variables: object) => send(documentId, { documentId, variables });
  const [researches, byId, videos, video, channels, influencers, stats, transcripts] = [
    document('Researches'),
    document('ResearchById'),
    document('Videos'),
    document('VideoById'),
    document('Channels'),
    document('Influencers'),
    document('Stats'),
    document('SearchTranscripts'),
  ];
  const anyResearch = () => key('RSH-', 1 + random.below(size.researches));
  const anyVideo = () => key('VID-', 1 + random.below(size.videos));
  const anyTopic = () => topics[random.below(topics.length)] ?? '';
  const department = () => random.pick(DEPARTMENTS);
  return () =>
    random.pick<() => Question>([
      () => researches({ first: 10, where: { department: { equals: department() } } }),
      () => byId({ researchId: anyResearch() }),
      () => videos({ first: 20, orderBy: [{ createdDate: 'DESC' }] }),
      () => video({ videoId: anyVideo() }),
      () => channels({ first: 20 }),
      () => influencers({ first: 20 }),
      () => stats({}),
      () => transcripts({ query: anyTopic(), first: 10 }),
      () => registered('DashboardOverview', {}),
      () => registered('DashboardResearches', { first: 20 }),
      () => registered('DashboardVideo', { videoId: anyVideo() }),
      () => registered('DashboardImports', { first: 10 }),
      () => send('flat list', { query: FLAT }),
      () => send('whole tree', { query: TREE, variables: { researchId: anyResearch() } }),
      () => send('counts', { query: COUNTS }),
      () => ({ name: 'health', method: 'GET', path: '/health', body: '' }),
    ])();
}

/** One operation of a document as text. */
function operationOf({ definitions }: DocumentNode, name: string): string {
  const found = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION && node.name?.value === name);
  if (found === undefined) throw new Error(`The documents of the contract have no operation ${name}`);
  return print(found);
}
