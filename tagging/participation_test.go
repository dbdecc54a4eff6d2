package tagging_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// reg is a confirmed registration for an event that is over at hour 90.
func reg(id string, registered int, do ...func(*integration.Registration)) integration.Registration {
	r := integration.Registration{ID: id, EventID: "event-" + id, EventName: "Gala " + id, EventStart: at(80), EventEnd: at(90),
		Status: integration.RegistrationConfirmed, RegisteredAt: at(registered)}
	for _, one := range do {
		one(&r)
	}
	return r
}

func came(n int) func(*integration.Registration) {
	return func(r *integration.Registration) {
		r.Attendance, r.AttendanceAt = integration.AttendanceAttended, at(n)
	}
}

func missed(n int) func(*integration.Registration) {
	return func(r *integration.Registration) { r.Attendance, r.AttendanceAt = integration.AttendanceNoShow, at(n) }
}

func undone(n int) func(*integration.Registration) {
	return func(r *integration.Registration) { r.Attendance, r.AttendanceAt = integration.AttendanceOpen, at(n) }
}

func left(n int) func(*integration.Registration) {
	return func(r *integration.Registration) { r.Status, r.CancelledAt = integration.RegistrationCancelled, at(n) }
}

func status(s integration.RegistrationStatus) func(*integration.Registration) {
	return func(r *integration.Registration) { r.Status = s }
}

func calledOff(r *integration.Registration) { r.EventCancelled = true }

func over(n int) func(*integration.Registration) {
	return func(r *integration.Registration) { r.EventStart, r.EventEnd = at(n-1), at(n) }
}

func TestEventTags(t *testing.T) {
	t.Parallel()
	judge(t, []ruleCase{
		{"registered", attending(reg("a", 1)), nil, map[string]string{"event-registered": "on 1..1 registered Gala a", "event-attended": "off ?"}},
		{"checked in, not decided", attending(reg("a", 1, status(integration.RegistrationCheckedIn))), nil, map[string]string{"event-registered": "on 1..1 registered Gala a"}},
		{"pending", attending(reg("a", 1, status(integration.RegistrationPending))), nil, map[string]string{"event-registered": "off ?"}},
		{"pending, whatever its attendance", attending(reg("a", 1, came(2), status(integration.RegistrationPending))), nil, map[string]string{"event-attended": "off ?"}},
		{"unknown status", attending(reg("a", 1, status("seated"))), nil, map[string]string{"event-registered": "off ?"}},
		{"registered nobody knows when", attending(reg("a", 0), reg("b", 2)), nil, map[string]string{"event-registered": "on ?..2 registered Gala b"}},
		{"two open", attending(reg("a", 1), reg("b", 3)), nil, map[string]string{"event-registered": "on 1..3 registered Gala b"}},
		{"of one moment, the higher id", attending(reg("b", 3, func(r *integration.Registration) { r.EventName = "Autumn" }), reg("a", 3)), nil, map[string]string{
			"event-registered": "on 3..3 registered Autumn"}},
		{"cancelled", attending(reg("a", 1, left(4))), nil, map[string]string{"event-registered": "off 4 registration-cancelled"}},
		{"cancelled without a time", attending(reg("a", 1, left(0))), nil, map[string]string{"event-registered": "off ? registration-cancelled"}},
		{"cancelled before it was confirmed", attending(reg("a", 0, left(4))), nil, map[string]string{"event-registered": "off ?"}},
		{"one of two cancelled", attending(reg("a", 1), reg("b", 2, left(4))), nil, map[string]string{"event-registered": "on 1..1 registered Gala a"}},
		{"event cancelled", attending(reg("a", 1, calledOff)), nil, map[string]string{"event-registered": "off ? event-cancelled"}},
		{"event cancelled, then its registration", attending(reg("a", 1, calledOff, left(4))), nil, map[string]string{"event-registered": "off 4 registration-cancelled"}},
		{"event cancelled, nobody was there", attending(reg("a", 1, calledOff, missed(5))), nil, map[string]string{
			"event-registered": "off 5 no-show", "event-no-show": "off ? event-cancelled"}},
		{"attended after an event that was cancelled", attending(reg("a", 1, calledOff, over(20)), reg("b", 2, came(30))), nil, map[string]string{
			"event-registered": "off 30 attended", "event-attended": "on 30..30 attended Gala b"}},
		{"attended after an event of which only the start is known", attending(reg("a", 1, calledOff, over(20), func(r *integration.Registration) { r.EventEnd = at(0) }), reg("b", 2, came(30))), nil,
			map[string]string{"event-registered": "off 30 attended", "event-attended": "on 30..30 attended Gala b"}},
		{"attended before an event that was cancelled", attending(reg("a", 1, calledOff, over(40)), reg("b", 2, came(30))), nil, map[string]string{
			"event-registered": "off ? event-cancelled", "event-attended": "on 30..30 attended Gala b"}},

		{"attended", attending(reg("a", 1, came(5))), nil, map[string]string{
			"event-registered": "off 5 attended", "event-attended": "on 5..5 attended Gala a", "event-no-show": "off 5 attended"}},
		{"no-show", attending(reg("a", 1, missed(5))), nil, map[string]string{
			"event-registered": "off 5 no-show", "event-no-show": "on 5..5 no-show Gala a", "event-attended": "off 5 no-show"}},
		{"came to one, missed another, registered for a third", attending(reg("a", 1, came(5)), reg("b", 2, missed(6)), reg("c", 3)), nil, map[string]string{
			"event-registered": "on 1..3 registered Gala c", "event-attended": "on 5..5 attended Gala a", "event-no-show": "on 6..6 no-show Gala b"}},
		{"came twice", attending(reg("a", 1, came(5)), reg("b", 2, came(7))), nil, map[string]string{
			"event-attended": "on 5..7 attended Gala b", "event-registered": "off 7 attended"}},
		{"undone", attending(reg("a", 1, undone(6))), nil, map[string]string{
			"event-registered": "on 1..1 registered Gala a", "event-attended": "off 6 attendance-undone"}},
		{"undone, without a time", attending(reg("a", 1, undone(0))), nil, map[string]string{
			"event-registered": "on 1..1 registered Gala a", "event-attended": "off ?"}},
		{"attended, then cancelled", attending(reg("a", 1, came(5), left(8))), nil, map[string]string{
			"event-registered": "off 5 attended", "event-attended": "off 8 registration-cancelled"}},
		{"missed, then cancelled", attending(reg("a", 1, missed(5), left(8))), nil, map[string]string{
			"event-registered": "off 5 no-show", "event-no-show": "off 8 registration-cancelled"}},
		{"cancelled, then marked", attending(reg("a", 1, missed(9), left(8))), nil, map[string]string{
			"event-registered": "off 8 registration-cancelled", "event-no-show": "off 8 registration-cancelled"}},
		{"attended nobody knows when", attending(reg("a", 1, came(0))), nil, map[string]string{
			"event-registered": "off ? attended", "event-attended": "on ?..? attended Gala a"}},
	})
}

// Since is the beginning of an unbroken time, whatever has ended meanwhile.
func TestSinceIsUnbroken(t *testing.T) {
	t.Parallel()
	judge(t, []ruleCase{
		{"one follows another", attending(reg("a", 1, came(5)), reg("b", 4)), nil, map[string]string{
			"event-registered": "on 1..4 registered Gala b", "event-attended": "on 5..5 attended Gala a"}},
		{"marked after it was cancelled", attending(reg("a", 1, came(9), left(8)), reg("b", 3, came(12))), nil, map[string]string{"event-attended": "on 12..12 attended Gala b"}},
		{"at the same moment", attending(reg("a", 1, left(4)), reg("b", 4)), nil, map[string]string{"event-registered": "on 1..4 registered Gala b"}},
		{"with a gap", attending(reg("a", 1, left(3)), reg("b", 4)), nil, map[string]string{"event-registered": "on 4..4 registered Gala b"}},
		{"a chain with a gap", attending(reg("a", 1, left(3)), reg("b", 4, left(9)), reg("c", 6, left(12)), reg("d", 11)), nil, map[string]string{
			"event-registered": "on 4..11 registered Gala d"}},
		{"a long one around short ones", attending(reg("a", 1, left(12)), reg("b", 2, left(3)), reg("c", 5, left(6)), reg("d", 11)), nil, map[string]string{
			"event-registered": "on 1..11 registered Gala d"}},
		{"a completion that was cancelled later", learning(
			integration.Enrollment{ID: "a", Status: integration.EnrollmentCancelled, EnrolledAt: at(1), CompletedAt: at(2), CancelledAt: at(6)},
			integration.Enrollment{ID: "b", Status: integration.EnrollmentCompleted, EnrolledAt: at(3), CompletedAt: at(5)}), nil, map[string]string{
			"course-completed": "on 2..5 completed", "course-enrolled": "off 5 completed"}},
		{"an attendance likewise", attending(reg("a", 1, came(2), left(6)), reg("b", 3, came(5))), nil, map[string]string{
			"event-attended": "on 2..5 attended Gala b"}},
		{"courses too", learning(
			integration.Enrollment{ID: "a", Status: integration.EnrollmentCompleted, EnrolledAt: at(1), CompletedAt: at(5)},
			integration.Enrollment{ID: "b", CourseName: "Ethics", Status: integration.EnrollmentActive, EnrolledAt: at(4)}), nil, map[string]string{
			"course-enrolled": "on 1..4 enrolled Ethics", "course-completed": "on 5..5 completed"}},
	})
}

func TestCourseTags(t *testing.T) {
	t.Parallel()
	course := func(id string, s integration.EnrollmentStatus, enrolled, completed, cancelled int) integration.Enrollment {
		return integration.Enrollment{ID: id, CourseID: "course-" + id, CourseName: "Ethics " + id, Status: s,
			EnrolledAt: at(enrolled), CompletedAt: at(completed), CancelledAt: at(cancelled)}
	}
	active, completed, cancelled := integration.EnrollmentActive, integration.EnrollmentCompleted, integration.EnrollmentCancelled
	judge(t, []ruleCase{
		{"enrolled", learning(course("a", active, 1, 0, 0)), nil, map[string]string{"course-enrolled": "on 1..1 enrolled Ethics a", "course-completed": "off ?"}},
		{"two", learning(course("b", active, 1, 0, 0), course("a", active, 2, 0, 0)), nil, map[string]string{"course-enrolled": "on 1..2 enrolled Ethics a"}},
		{"completed", learning(course("a", completed, 1, 4, 0)), nil, map[string]string{
			"course-enrolled": "off 4 completed", "course-completed": "on 4..4 completed Ethics a"}},
		{"cancelled", learning(course("a", cancelled, 1, 0, 4)), nil, map[string]string{"course-enrolled": "off 4 enrollment-cancelled", "course-completed": "off ?"}},
		{"cancelled, nobody knows when", learning(course("a", cancelled, 1, 0, 0), course("b", completed, 1, 4, 0)), nil, map[string]string{
			"course-enrolled": "off ? enrollment-cancelled", "course-completed": "on 4..4 completed Ethics b"}},
		{"completed, then cancelled", learning(course("a", cancelled, 1, 4, 6)), nil, map[string]string{
			"course-enrolled": "off 4 completed", "course-completed": "off 6 enrollment-cancelled"}},
		{"cancelled, a completion came late", learning(course("a", cancelled, 1, 6, 4)), nil, map[string]string{"course-enrolled": "off 4 enrollment-cancelled"}},
		{"two completed", learning(course("a", completed, 1, 9, 0), course("b", completed, 2, 4, 0)), nil, map[string]string{
			"course-enrolled": "off 9 completed", "course-completed": "on 4..9 completed Ethics a"}},
		{"unknown status", learning(course("a", "paused", 1, 0, 0)), nil, map[string]string{"course-enrolled": "off ?"}},
	})
}

func TestFactsOfParticipation(t *testing.T) {
	t.Parallel()
	m := attending(reg("a", 1), reg("b", 2, came(81)))
	m.Enrollments = []integration.Enrollment{{ID: "e", CourseID: "c", Status: integration.EnrollmentActive, EnrolledAt: at(3)}}
	states := tagging.Compute(m, nil)
	if s := states[5]; s.About != (integration.Ref{Kind: integration.KindEvent, Key: "event-a"}) || !s.Date.Equal(at(80)) {
		t.Errorf("registered: %+v", s)
	}
	if s := states[6]; s.About.Key != "event-b" || !s.Date.Equal(at(80)) {
		t.Errorf("attended: %+v", s)
	}
	if s := states[8]; s.About != (integration.Ref{Kind: integration.KindCourse, Key: "c"}) || !s.Date.Equal(at(3)) {
		t.Errorf("enrolled: %+v", s)
	}
}
