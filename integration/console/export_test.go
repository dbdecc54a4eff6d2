package console

import (
	"html/template"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Pure pieces for the tests of this package.
var (
	Prose  = prose
	Number = number
	Count  = count
	About  = about
	Notice = notice
	Icon   = icon

	Headline, Remainder = headline, remainder
)

// Relative is what a page says of t at now.
func Relative(t, now time.Time, zone *time.Location) (relative, absolute, iso string) {
	m := clockface{now, zone}.at(t)
	return m.Relative, m.Absolute, m.ISO
}

// StateShape is the drawing and the word of a state.
func StateShape(state any) (template.HTML, string) {
	m := stateOf(state)
	return icon(m.Shape), m.Word
}

// HealthWord is the word for a status.
func HealthWord(s integration.Status) string { return healthOf(s).Word }

// Bars are the widths of the parts of the line of proportions.
func Bars(m integration.MemberCounts) (widths []int, total int) {
	for _, b := range newStatusView(integration.Status{Members: m}, clockface{time.Time{}, time.UTC}).Bars {
		widths = append(widths, b.W)
		total += b.W
	}
	return widths, total
}
