import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../dist/src/app.module.js';
import { AccessTokens } from '../dist/src/auth/access-tokens.js';
import { loadEnvironment } from '../dist/src/config/env.js';
import { Enrolment } from '../dist/src/courses/enrolment.entity.js';
import { insertRows } from '../dist/src/database/entity-rows.js';
import { newId } from '../dist/src/database/new-id.js';
import { Transactions } from '../dist/src/database/transactions.js';
import { User } from '../dist/src/users/user.entity.js';

/**
 * A program that puts many students into a course, straight into the database of the environment, and prints an access
 * token for each, as one line of JSON on standard output. Registering them would take minutes: a password is hashed so that
 * it costs a tenth of a second. The course's id and the number of students are its arguments; `JWT_SECRET` is the server's.
 */
const [courseId, count] = process.argv.slice(2);

/** Rows of one statement. */
const BATCH = 200;

const context = await NestFactory.createApplicationContext(
  AppModule.with(Object.assign(loadEnvironment(), { role: 'api' })),
  { logger: false, abortOnError: false },
);
const tokens = context.get(AccessTokens);
const transactions = context.get(Transactions);

const createdAt = new Date();
const students = Array.from({ length: Number(count) }, (_, index) => ({
  id: newId(),
  email: `${newId()}@example.org`,
  name: `Student ${index}`,
  passwordHash: null,
  role: 'student',
  disabled: false,
  tokenVersion: 1,
  createdAt,
  version: 1,
}));
for (let start = 0; start < students.length; start += BATCH) {
  const some = students.slice(start, start + BATCH);
  await transactions.run(async (manager) => {
    await insertRows(manager, User, some);
    const enrolments = some.map(({ id }) => ({
      id: newId(),
      courseId,
      userId: id,
      role: 'student',
      createdAt,
      version: 1,
    }));
    await insertRows(manager, Enrolment, enrolments);
  });
}
process.stdout.write(`${JSON.stringify(students.map(({ id, role }) => tokens.sign({ userId: id, role }, 1)))}\n`);
await context.close();
