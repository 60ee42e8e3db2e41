import { defineEntity } from '../graphql/define-entity.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { channels } from './channels.read.ts';

addOrigin(defineEntity(channels));
