import Type from 'typebox';
import { ROLES } from '../kernel/actor.ts';
import { restRoute } from '../rest/route.ts';

const ME = Type.Object(
  {
    kind: Type.Enum(['user', 'token', 'schedule', 'command'], { description: 'Who acts.' }),
    actor: Type.String({ description: 'As the history names you, such as user:anna@example.org.' }),
    role: Type.Enum([...ROLES], { description: 'What you may do.' }),
    scopes: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description: 'The contexts whose rows you may see and change, such as research; null for all of them.',
    }),
    expires_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'When your session or token ends; null for never.',
    }),
  },
  { $id: 'Me', description: 'Who asks, and what they may.' },
);

export default restRoute({
  method: 'GET',
  path: '/me',
  operationId: 'getMe',
  tag: 'Access',
  summary: 'Who you are, and what you may do',
  answers: { 200: { description: 'Who asks.', content: { 'application/json': ME } } },
  lane: 'none',
  answer: ({ actor: { kind, label, role, scopes, credential } }) => ({
    body: JSON.stringify({
      kind,
      actor: label,
      role,
      scopes: scopes ?? null,
      expires_at: credential?.expiresAt ?? null,
    }),
  }),
});
