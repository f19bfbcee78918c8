// Says of each case on stdin whether Go's own note and tlog packages accept it. Knows nothing of Cityloop.
package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type testCase struct {
	Kind, Dir, Text  string
	Note, Old, Entry []byte
	Index            int64
	Level, Width     int
	Path             []tlog.Hash
}

// open checks the signature, then reads the three lines of c2sp.org/tlog-checkpoint.
func open(v note.Verifier, msg []byte) (tree tlog.Tree, err error) {
	n, err := note.Open(msg, note.VerifierList(v))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != v.Name() || lines[3] != "" {
		return tree, errors.New("not a checkpoint of this log")
	}
	if _, err = base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64); err != nil {
		return tree, err // note.Open itself is lenient about the last bits
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err == nil {
		tree.Hash, err = tlog.ParseHash(lines[2])
	}
	return tree, err
}

func judge(v note.Verifier, c testCase) error {
	if c.Kind == "path" {
		if ours := c2spPath(tlog.Tile{H: 8, L: c.Level, N: c.Index, W: c.Width}); ours != c.Text {
			return errors.New(ours)
		}
		return nil
	}
	tree, err := open(v, c.Note)
	if err != nil || c.Kind == "checkpoint" {
		return err
	}
	hashes := tlog.TileHashReader(tree, tileDir{c.Dir})
	switch c.Kind {
	case "inclusion":
		return tlog.CheckRecord(c.Path, tree.N, tree.Hash, c.Index, tlog.RecordHash(c.Entry))
	case "made inclusion":
		theirs, err := tlog.ProveRecord(tree.N, c.Index, hashes)
		return same(theirs, c.Path, err)
	case "made consistency":
		theirs, err := tlog.ProveTree(tree.N, c.Index, hashes)
		return same(theirs, c.Path, err)
	case "entries":
		return entries(c.Dir, tree, hashes)
	}
	old, err := open(v, c.Old)
	if err != nil || c.Kind != "consistency" {
		return fmt.Errorf("%s: %v", c.Kind, err)
	}
	return tlog.CheckTree(c.Path, tree.N, tree.Hash, old.N, old.Hash)
}

func main() {
	var asked struct {
		Vkey  string
		Cases []testCase
	}
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		panic(err)
	}
	v, err := note.NewVerifier(asked.Vkey)
	if err != nil {
		panic(err)
	}
	said := []string{}
	for _, c := range asked.Cases {
		if err := judge(v, c); err != nil {
			said = append(said, "no: "+err.Error())
		} else {
			said = append(said, "yes")
		}
	}
	json.NewEncoder(os.Stdout).Encode(said)
}
