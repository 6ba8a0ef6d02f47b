import express from 'express';
import { createClient } from 'redis';

const redis = await createClient({ url: process.env.REDIS_URL }).connect();
const app = express().use(express.json());

async function board(game) {
  const players = await redis.zRangeWithScores(`board/${game}`, 0, -1);
  players.sort((a, b) => b.score - a.score || (a.value < b.value ? -1 : 1));
  return players.map(({ value: player, score }) => ({
    rank: 1 + players.filter((other) => other.score > score).length,
    player,
    points: score,
  }));
}

app.get('/health', (request, response) => response.sendStatus(200));
app.post('/games/:game/scores', async (request, response) => {
  const { player, points } = request.body;
  response.json({ player, points: await redis.zIncrBy(`board/${request.params.game}`, points, player) });
});
app.get('/games/:game/top', async (request, response) => {
  response.json((await board(request.params.game)).slice(0, request.query.n ?? 10));
});
app.get('/games/:game/players/:player', async (request, response) => {
  const line = (await board(request.params.game)).find(({ player }) => player === request.params.player);
  if (line) response.json(line);
  else response.status(404).json({ error: 'unknown' });
});
app.listen(process.env.PORT, '127.0.0.1');
