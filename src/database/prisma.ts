import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from './generated/client.ts';

export type { Prisma, PrismaClient } from './generated/client.ts';

/** Prisma as the application's role, over the write pool: for single-row writes and administrative types. */
export function openPrisma(write: pg.Pool): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(write) });
}
