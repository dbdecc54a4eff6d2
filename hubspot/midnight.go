package hubspot

import "time"

// nextMidnight returns when the calendar day of now ends in its location. A
// day that has no midnight, because clocks jump over it, ends at the jump.
func nextMidnight(now time.Time) time.Time {
	y, m, d := now.Date()
	t := time.Date(y, m, d+1, 0, 0, 0, 0, now.Location())
	if t.Day() == d {
		t = t.Add(time.Hour)
	}
	return t
}
