import { defineRead } from './read-job.ts';

export default defineRead({
  name: 'nested',
  measures: '50 researches with the 10 newest of their videos each, with channel and influencers, at 16 connections',
  cairn: `{
    researches(first: 50) {
      nodes {
        researchId
        title
        videos(first: 10) {
          nodes { videoId title status duration channel { channelId name } influencers { nodes { influencerId name } } }
        }
      }
    }
  }`,
  postgraphile: `{
    researches: allResearch(first: 50, orderBy: [CREATED_DATE_DESC, RESEARCH_ID_ASC]) {
      nodes {
        researchId
        title
        videos: newestVideos(first: 10) {
          nodes {
            videoId
            title
            status
            duration
            channel: channelByChannelId { channelId name }
            influencers: videoInfluencersByVideoId {
              nodes { influencer: influencerByInfluencerId { influencerId name } }
            }
          }
        }
      }
    }
  }`,
  statement: 'nested',
});
