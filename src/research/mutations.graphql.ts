/** What can be done by hand to the types of the research context. */
import { defineLinks } from '../ingest/mutations/define-links.ts';
import { defineMutations } from '../ingest/mutations/define-mutations.ts';
import researchVideoRecords from './datasets/research-videos.ts';
import videoInfluencerRecords from './datasets/video-influencers.ts';
import { influencers } from './influencers.read.ts';
import * as mutables from './mutables.ts';
import { researches } from './researches.read.ts';
import { videos } from './videos.read.ts';

defineMutations(mutables.researchMutable);
defineMutations(mutables.videoMutable);
defineMutations(mutables.channelMutable);
defineMutations(mutables.influencerMutable);
defineMutations(mutables.employeeMutable);
defineMutations(mutables.searchMutable);
defineMutations(mutables.reportMutable);
defineMutations(mutables.analysisMutable);

defineLinks(researches, videos, researchVideoRecords, {
  keys: 'researchId: "RSH-VID-001", videoId: "Video_901"',
  values: 'relevanceScore: 0.8',
});

defineLinks(videos, influencers, videoInfluencerRecords, { keys: 'videoId: "Video_901", influencerId: "INF-901"' });
