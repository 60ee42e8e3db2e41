import { defineEntity } from '../graphql/define-entity.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { videos } from './videos.read.ts';

addOrigin(defineEntity(videos));
