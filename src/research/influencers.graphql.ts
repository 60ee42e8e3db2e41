import { defineEntity } from '../graphql/define-entity.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { influencers } from './influencers.read.ts';

addOrigin(defineEntity(influencers));
