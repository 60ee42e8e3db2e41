import { researchKey } from './library.ts';
import { defineRead } from './read-job.ts';

export default defineRead({
  name: 'tree',
  measures: 'one research with its whole tree (50 videos), each of 50 researches in turn, at 16 connections',
  cairn: `query ($key: String!) {
    research(researchId: $key) {
      researchId
      title
      department
      status
      createdDate
      researcher { employeeId name }
      reports { nodes { reportId title } }
      videos(first: 50) {
        nodes {
          videoId
          title
          status
          duration
          sourceUrl
          channel { channelId name }
          influencers { nodes { influencerId name } }
          analyses { nodes { analysisId analysisType filePath } }
        }
      }
    }
  }`,
  postgraphile: `query ($key: String!) {
    research: researchByResearchId(researchId: $key) {
      researchId
      title
      department
      status
      createdDate
      researcher: employeeByResearcherId { employeeId name }
      reports: reportsByResearchId(orderBy: [CREATED_DATE_DESC]) { nodes { reportId title } }
      videos: newestVideos(first: 50) {
        nodes {
          videoId
          title
          status
          duration
          sourceUrl
          channel: channelByChannelId { channelId name }
          influencers: videoInfluencersByVideoId { nodes { influencer: influencerByInfluencerId { influencerId name } } }
          analyses: analysisResultsByVideoId { nodes { analysisId analysisType filePath } }
        }
      }
    }
  }`,
  statement: 'tree',
  asked: ({ researches }) =>
    Array.from({ length: 50 }, (_, n) => ({ key: researchKey(1 + Math.floor((n * researches) / 50)) })),
});
