"""What no score may overrule: the guards a model file may name, and what each looks at."""
