import { CharacterSet1790000000001 } from './0001-character-set.js';
import { Users1790000000002 } from './0002-users.js';
import { RefreshTokens1790000000003 } from './0003-refresh-tokens.js';
import { Courses1790000000004 } from './0004-courses.js';
import { Enrolments1790000000005 } from './0005-enrolments.js';
import { Assignments1790000000006 } from './0006-assignments.js';
import { GradingVersions1790000000007 } from './0007-grading-versions.js';
import { Submissions1790000000008 } from './0008-submissions.js';
import { GradingRuns1790000000009 } from './0009-grading-runs.js';
import { TestResults1790000000010 } from './0010-test-results.js';
import { ScoreOverrides1790000000011 } from './0011-score-overrides.js';
import { OutboxMessages1790000000012 } from './0012-outbox-messages.js';
import { IdempotencyKeys1790000000013 } from './0013-idempotency-keys.js';
import { Rejudges1790000000014 } from './0014-rejudges.js';
import { GradingRunsRejudge1790000000015 } from './0015-grading-runs-rejudge.js';
import { GradingRunsRejudgeIndex1790000000016 } from './0016-grading-runs-rejudge-index.js';
import { OutboxFairOrder1790000000017 } from './0017-outbox-fair-order.js';
import { GradingRunsFinished1790000000018 } from './0018-grading-runs-finished.js';
import { FairOrderSettings1790000000019 } from './0019-fair-order-settings.js';
import { RejudgeStages1790000000020 } from './0020-rejudge-stages.js';
import { GradingRunsTrial1790000000021 } from './0021-grading-runs-trial.js';
import { AuditEntries1790000000022 } from './0022-audit-entries.js';
import { Workers1790000000023 } from './0023-workers.js';
import { TestResultsCases1790000000026 } from './0026-test-results-cases.js';
import { SubmissionsModel1790000000028 } from './0028-submissions-model.js';
import { ModelSubmissions1790000000029 } from './0029-model-submissions.js';
import { Verifications1790000000030 } from './0030-verifications.js';
import { VerificationItems1790000000031 } from './0031-verification-items.js';
import { TestResultsStaffMessage1790000000033 } from './0033-test-results-staff-message.js';
import { PersonalAccessTokens1790000000036 } from './0036-personal-access-tokens.js';
import { RefreshTokensSession1790000000037 } from './0037-refresh-tokens-session.js';
import { LoginAttempts1790000000038 } from './0038-login-attempts.js';
import { TestResultsFeedback1790000000055 } from './0055-test-results-feedback.js';
import { SubmissionsQuota1790000000060 } from './0060-submissions-quota.js';
import { SubmissionsStudentGone1790000000061 } from './0061-submissions-student-gone.js';
import { Mails1790000000065 } from './0065-mails.js';
import { UsersEmailVerified1790000000066 } from './0066-users-email-verified.js';
import { AccountTokens1790000000067 } from './0067-account-tokens.js';
import { Invitations1790000000068 } from './0068-invitations.js';
import { SecondFactors1790000000069 } from './0069-second-factors.js';
import { RecoveryCodes1790000000070 } from './0070-recovery-codes.js';
import { AuditChain1790000000075 } from './0075-audit-chain.js';
import { AuditHeads1790000000076 } from './0076-audit-heads.js';

/**
 * The schema's history, oldest first; only ever appended to. One table or one change for each step, since MySQL commits each
 * statement that changes the schema at once: a step that is interrupted can then be run again.
 */
export const migrations = [
  CharacterSet1790000000001,
  Users1790000000002,
  RefreshTokens1790000000003,
  Courses1790000000004,
  Enrolments1790000000005,
  Assignments1790000000006,
  GradingVersions1790000000007,
  Submissions1790000000008,
  GradingRuns1790000000009,
  TestResults1790000000010,
  ScoreOverrides1790000000011,
  OutboxMessages1790000000012,
  IdempotencyKeys1790000000013,
  Rejudges1790000000014,
  GradingRunsRejudge1790000000015,
  GradingRunsRejudgeIndex1790000000016,
  OutboxFairOrder1790000000017,
  GradingRunsFinished1790000000018,
  FairOrderSettings1790000000019,
  RejudgeStages1790000000020,
  GradingRunsTrial1790000000021,
  AuditEntries1790000000022,
  Workers1790000000023,
  TestResultsCases1790000000026,
  SubmissionsModel1790000000028,
  ModelSubmissions1790000000029,
  Verifications1790000000030,
  VerificationItems1790000000031,
  TestResultsStaffMessage1790000000033,
  PersonalAccessTokens1790000000036,
  RefreshTokensSession1790000000037,
  LoginAttempts1790000000038,
  TestResultsFeedback1790000000055,
  SubmissionsQuota1790000000060,
  SubmissionsStudentGone1790000000061,
  Mails1790000000065,
  UsersEmailVerified1790000000066,
  AccountTokens1790000000067,
  Invitations1790000000068,
  SecondFactors1790000000069,
  RecoveryCodes1790000000070,
  AuditChain1790000000075,
  AuditHeads1790000000076,
];
