package outbox_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestReadsForgetNothingThatLandsMeanwhile(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	w.Add(outbox.LaneLive, 7, "member", "m1", "m1", noon)
	w.AddAside("member", "m2", "m2", "", 1, noon)
	_, land, _ := w.Pick(outbox.LaneLive, 100, true, 0, noon)
	w.StartRead() // its snapshot still has row and aside
	land(true)
	if w.Add(outbox.LaneLive, 7, "member", "m1", "m1", noon) {
		t.Error("a row that was deleted during the read came back")
	}
	if w.AddAside("member", "m2", "m2", "", 1, noon) {
		t.Error("an aside that was deleted during the read came back")
	}
	w.EndRead()
	if !w.Add(outbox.LaneLive, 8, "member", "m1", "m1", noon) {
		t.Error("a later row of the key was refused")
	}
}
