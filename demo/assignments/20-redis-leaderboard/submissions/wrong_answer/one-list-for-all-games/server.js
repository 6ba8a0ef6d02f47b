const express = require('express');
const Redis = require('ioredis');

const redis = new Redis(process.env.REDIS_URL);
const app = express();
app.use(express.json());

const key = () => 'leaderboard';
// Kept as less than nothing, so that the best come first and equals in the order of their names.
const points = (score) => -Number(score);

/** One more than there are with more points. */
const rank = async (game, score) => 1 + (await redis.zcount(key(game), '-inf', `(${score}`));

app.get('/health', async (request, response) => {
  await redis.ping();
  response.json({ status: 'ok' });
});

app.post('/games/:game/scores', async ({ params, body }, response) => {
  const score = await redis.zincrby(key(params.game), -body.points, body.player);
  response.json({ player: body.player, points: points(score) });
});

app.get('/games/:game/top', async ({ params, query }, response) => {
  const best = await redis.zrange(key(params.game), 0, Number(query.n ?? 10) - 1, 'WITHSCORES');
  const lines = [];
  for (let i = 0; i < best.length; i += 2) {
    lines.push({ rank: await rank(params.game, best[i + 1]), player: best[i], points: points(best[i + 1]) });
  }
  response.json(lines);
});

app.get('/games/:game/players/:player', async ({ params: { game, player } }, response) => {
  const score = await redis.zscore(key(game), player);
  if (score === null) return response.status(404).json({ error: 'has never played' });
  response.json({ rank: await rank(game, score), player, points: points(score) });
});

app.listen(process.env.PORT, '127.0.0.1');
