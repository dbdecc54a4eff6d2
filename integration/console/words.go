package console

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moment is a point in time as a page shows it: relative, with the absolute
// time in the tenant's zone and in UTC on hover, and the machine's form.
type moment struct {
	ISO, Relative, Absolute string
}

// IsZero reports whether there is no such moment.
func (m moment) IsZero() bool { return m.ISO == "" }

// clockface turns times into moments for one tenant at one instant.
type clockface struct {
	now  time.Time
	zone *time.Location
}

func (f clockface) at(t time.Time) moment {
	if t.IsZero() {
		return moment{}
	}
	local := t.In(f.zone)
	absolute := local.Format("2 Jan 2006, 15:04:05 MST")
	if _, offset := local.Zone(); offset != 0 {
		absolute += " (" + t.UTC().Format("2 Jan 15:04:05 UTC") + ")"
	}
	return moment{ISO: t.UTC().Format(time.RFC3339), Relative: f.relative(t), Absolute: absolute}
}

func (f clockface) atPointer(t *time.Time) moment {
	if t == nil {
		return moment{}
	}
	return f.at(*t)
}

// relative says how far t is from now, and past a day which day it is.
func (f clockface) relative(t time.Time) string {
	d := f.now.Sub(t)
	local := t.In(f.zone)
	switch {
	case d > -5*time.Second && d < 5*time.Second:
		return "just now"
	case d >= 0 && d < 24*time.Hour:
		return span(d) + " ago"
	case d < 0 && d > -24*time.Hour:
		return "in " + span(-d) + ", at " + local.Format("15:04")
	case local.Year() == f.now.In(f.zone).Year():
		return local.Format("2 Jan, 15:04")
	default:
		return local.Format("2 Jan 2006")
	}
}

// span is a length of time in its largest unit.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + " s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	default:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	}
}

// about is a rough length of time from seconds, for an estimate.
func about(seconds int) string {
	d := time.Duration(seconds) * time.Second
	switch {
	case seconds <= 0:
		return ""
	case d < time.Minute:
		return "less than a minute left"
	case d < 2*time.Hour:
		return fmt.Sprintf("about %d min left", int((d+30*time.Second)/time.Minute))
	default:
		return fmt.Sprintf("about %d h left", int((d+30*time.Minute)/time.Hour))
	}
}

// number writes n with a comma between thousands.
func number(n int) string {
	s := strconv.Itoa(n)
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 && s[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// count writes n with the right form of a noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// retryLabel is the word on a button that sends n records again.
func retryLabel(n int) string {
	if n > 1 {
		return "Retry all " + number(n)
	}
	return "Retry"
}
