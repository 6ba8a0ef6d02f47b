import { demoAccounts, signIn } from '../../scripts/lib/demo-accounts.mjs';
import { type DemoAssignment, seedDemoCourse } from '../../scripts/lib/demo-course.mjs';
import { RestClient } from '../../scripts/lib/rest-client.mjs';
import type { TestApp } from './test-app.js';

export interface Demo {
  readonly courseId: string;
  readonly assignments: readonly DemoAssignment[];
  readonly instructor: RestClient;
  readonly student: RestClient;
}

/** Puts the demo course and its accounts onto an application, as the quickstart does. */
export async function seedDemo(app: TestApp, accountsFile: string): Promise<Demo> {
  const accounts = await demoAccounts(accountsFile);
  const guest = new RestClient(app.url);
  const teacher = await signIn(guest, accounts.instructor);
  const admin = await app.admin();
  await guest.as(admin.token).request('PATCH', `/users/${teacher.user.id}`, { body: { role: 'instructor' } });
  const instructor = (await signIn(guest, accounts.instructor)).client;
  const { course, assignments } = await seedDemoCourse(instructor, () => undefined);
  const student = (await signIn(guest, accounts.student)).client;
  await student.request('POST', `/courses/${course.id}/enrol`, { body: {} });
  return { courseId: course.id, assignments, instructor, student };
}
