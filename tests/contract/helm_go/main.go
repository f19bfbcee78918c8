// Renders the templates of a chart as Helm does, for the functions that ours use. Values and release come as JSON on stdin.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

func main() {
	var given map[string]interface{}
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		panic(err)
	}
	functions := template.FuncMap{"quote": func(v interface{}) string { return fmt.Sprintf("%q", fmt.Sprint(v)) }}
	paths, _ := filepath.Glob(filepath.Join(os.Args[1], "templates", "*.yaml"))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		made := template.Must(template.New(path).Option("missingkey=error").Funcs(functions).Parse(string(text)))
		fmt.Println("---")
		if err := made.Execute(os.Stdout, given); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
