// Package tagging decides which tags of a fixed catalog a member has, since
// when, and why.
//
// The tags are computed, never counted up: [Compute] is a pure function of the
// member's present data and of what people decided by hand. So they can always
// be rebuilt, and events that come twice, late or in another order end in the
// same tags. All times are the host's, never that of the computation.
//
//	tag                             is on                                                ends when
//	membership-active               while the current membership is active               its status changes
//	membership-expiring             while it is expiring                                 its status changes
//	membership-expired              while it is expired                                  its status changes
//	membership-upgraded             once it moved up to its plan                         it renews, expires, is cancelled or downgraded
//	membership-downgrade-scheduled  while a downgrade is scheduled for it                applied, withdrawn, expired or cancelled
//	event-registered                while a registration is confirmed and undecided      the last of them is attended, missed or cancelled
//	event-attended                  while a registration says attended                   undone, corrected or cancelled
//	event-no-show                   while a registration says no-show                    undone, corrected or cancelled
//	course-enrolled                 while an enrollment is active                        the last of them is completed or cancelled
//	course-completed                while an enrollment is completed                     reopened or cancelled
//
// The membership that speaks for the member is [Current]; only its facts count.
// The three status tags exclude each other. Registrations that are pending or
// cancelled count for nothing, and so do those for an event that was cancelled.
// A member who came to one event and missed another has both tags.
//
// # By hand
//
// A person may apply or remove a tag of the catalog, and nothing else
// ([ByHand]). The newest word wins: a hand against
//
//   - the newest occurrence that the tag rests on (LastAt), if the data say on;
//   - the newest end of what it could rest on, if the data say off. Attended,
//     no-show and completed have no such end: that a member missed one event
//     does not unsay that somebody saw them at another.
//
// On a tie the hand wins. So a registration that is newer than a removal brings
// the tag back, and one that is older does not, however late it arrives. Among
// the status tags a hand that applies one turns the others off; taking it back
// restores what held before.
//
// # What not to assume
//
// Ids of memberships, registrations and enrollments are unique within a member.
// LastAt may go back: when the newest of two open registrations is cancelled,
// the tag rests on the older one. What leaves no time in the member's data, a
// withdrawn downgrade for example, ends a tag but not the hand that applied it.
package tagging
