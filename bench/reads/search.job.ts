import { topics } from './library.ts';
import { defineRead } from './read-job.ts';

export default defineRead({
  name: 'search',
  measures: 'the best 20 of some 300 transcripts that hold a word, each of 40 words in turn, at 16 connections',
  cairn: `query ($text: String!) {
    search(query: $text, first: 20, where: { type: [VIDEO] }) { edges { rank node { ... on Video { videoId title } } } }
  }`,
  postgraphile: `query ($text: String!) {
    search: benchSearchVideos(query: $text, first: 20) { nodes { rank videoId title } }
  }`,
  statement: 'search',
  asked: () => topics.slice(0, 40).map((text) => ({ text })),
});
